import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Frames, sendFrame } from '../../../../lib/connection/kept/frames.ts'

const sent = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.uint8Array({ maxLength: 40 })), { maxLength: 12 })
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 })

test('what is sent in frames arrives whole, in order and of its kind, however it is cut into pieces', () => {
  fc.assert(
    fc.property(sent, cuts, (frames, lengths) => {
      const wire = new PassThrough()
      for (const [kind, bytes] of frames) sendFrame(wire, kind, Buffer.from(bytes))
      let rest = (wire.read() as Buffer | null) ?? Buffer.alloc(0)
      const told: string[] = []
      let stream: { readonly kind: number; readonly text: string } | undefined
      const flush = () => {
        if (stream !== undefined) told.push(`${stream.kind} ${stream.text}`)
        stream = undefined
      }
      const reader = new Frames({
        piece(kind, bytes) {
          if (stream?.kind !== kind) flush()
          stream = { kind, text: (stream?.text ?? '') + bytes.toString('hex') }
        },
        word(kind, text) {
          flush()
          told.push(`${kind} ${Buffer.from(text).toString('hex')}`)
        },
      })
      for (let i = 0; rest.length > 0; i += 1) {
        const length = lengths[i % lengths.length] ?? 1
        reader.push(rest.subarray(0, length))
        rest = rest.subarray(length)
      }
      flush()
      assert.equal(told, joined(frames))
    }),
  )
})

/** Neighbouring pieces of one stream are one, and words are text. */
function joined(frames: readonly (readonly [number, Uint8Array])[]): readonly string[] {
  const told: string[] = []
  let last: number | undefined
  for (const [kind, bytes] of frames) {
    const hex = Buffer.from(kind > 2 ? Buffer.from(bytes).toString() : bytes).toString('hex')
    if (kind <= 2 && hex === '') continue
    if (kind <= 2 && last === kind) told.push(`${told.pop()}${hex}`)
    else told.push(`${kind} ${hex}`)
    last = kind
  }
  return told
}

test.run()
