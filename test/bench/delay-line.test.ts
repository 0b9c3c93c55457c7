import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DelayLine, type Clock } from '../../bench/relay/delay-line.ts'

/** A clock that a test turns itself. */
function clock() {
  let now = 0
  const alarms: { readonly at: number; readonly wake: () => void }[] = []
  const own: Clock = {
    now: () => now,
    after: (milliseconds, wake) => void alarms.push({ at: now + milliseconds, wake }),
  }
  const turnTo = (time: number) => {
    for (;;) {
      const [next] = [...alarms].sort((a, b) => a.at - b.at)
      if (next === undefined || next.at > time) break
      alarms.splice(alarms.indexOf(next), 1)
      now = Math.max(now, next.at)
      next.wake()
    }
    now = time
  }
  return { own, turnTo }
}

test('everything arrives once, in its order, as late as it is to be', () => {
  const gaps = fc.array(fc.nat({ max: 40 }), { maxLength: 30 })
  fc.assert(
    fc.property(gaps, fc.nat({ max: 200 }), fc.nat({ max: 100 }), (waits, delay, open) => {
      const { own, turnTo } = clock()
      const arrived: { readonly thing: number; readonly at: number }[] = []
      const line = new DelayLine<number>(delay, open, (thing) => arrived.push({ thing, at: own.now() }), own)
      const sent: number[] = []
      for (const wait of waits) {
        turnTo(own.now() + wait)
        sent.push(own.now())
        line.push(sent.length - 1)
      }
      turnTo(own.now() + delay + open)
      assert.equal(
        arrived,
        sent.map((at, thing) => ({ thing, at: Math.max(at, open) + delay })),
      )
    }),
  )
})

test.run()
