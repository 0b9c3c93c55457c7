import { spawnSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EndMark, withEndMark } from '../../../../../lib/connection/transports/openssh/end-mark.ts'

async function through(pieces: readonly string[]): Promise<readonly [text: string, status: number | undefined]> {
  const end = new EndMark('mark')
  let status: number | undefined
  void end.status.then((told) => (status = told))
  let text = ''
  end.on('data', (piece: Buffer) => (text += piece.toString()))
  const ended = new Promise((resolve) => end.once('end', resolve))
  for (const piece of pieces) end.write(piece)
  end.end()
  await ended
  return [text, status]
}

const streams: readonly (readonly [pieces: readonly string[], text: string, status: number | undefined])[] = [
  [['mark 0\n'], '', 0],
  [['words\nmark 255\n'], 'words\n', 255],
  [['no newline', 'mark 3\n', 'a daemon'], 'no newlinea daemon', 3],
  [[...'half a mar mark 12\n'], 'half a mar ', 12],
  [['m', 'a', 'x'], 'max', undefined],
  [['it ends with mar'], 'it ends with mar', undefined],
  [['mark 1'], 'mark 1', undefined],
  [['mmark 1\nmark 2\n'], 'mmark 2\n', 1],
]
for (const [pieces, text, status] of streams)
  test(`the mark is taken out, and nothing else: ${JSON.stringify(pieces.join('|'))}`, async () =>
    assert.equal(await through(pieces), [text, status]))

for (const [command, status] of [
  ['sh -c "exit 255"', 255],
  ["sh -c 'kill -9 $$'", 137],
  ['true', 0],
] as const)
  test(`a command says how it ended: ${command}`, () => {
    const run = spawnSync('sh', ['-c', withEndMark(command, 'mark')], { encoding: 'utf8' })
    assert.match(run.stderr, new RegExp(`mark ${status}\n$`))
    assert.is(run.status, status)
  })

test.run()
