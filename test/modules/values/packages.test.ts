/** The release that packages are preferred from is one word of apt's commands. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { statesScript } from '../../../lib/host/packages/query.ts'
import { installVerb, transaction } from '../../../lib/host/packages/transaction.ts'
import { drawnFrom, hostileValues } from '../../support/hostile-values.ts'
import { scriptTrouble } from './alike.ts'

const scripts = (defaultRelease: string) => [
  transaction(installVerb(['jq'], { defaultRelease }), {}).text,
  statesScript(['jq'], { candidates: true, defaultRelease }).text,
]

test('default_release', () => {
  const good = scripts('hwrelease')
  for (const text of hostileValues().filter((value) => !value.includes('\0')))
    scripts(text).forEach((script, i) =>
      assert.is(scriptTrouble(good[i] ?? '', script, [{ good: 'hwrelease', texts: [text] }]), undefined, drawnFrom),
    )
})

test.run()
