import { lines, raw, sh, type Script } from '../../quote.ts'
import { reveal, Secret } from '../../secret.ts'
import type { CommonParams } from './params.ts'

/** Printed after the command's own output, so that a run is told from a prediction. */
export const endMark = '\u0001ended\u0001'

type ScriptPlace = Pick<CommonParams, 'chdir' | 'environment'>

/**
 * The command in the surroundings it was given. The values of its environment come first on standard input, line by line; the rest of the input is the command's.
 * The locale is the login's own again, where requests of ours have English.
 */
export function wrapped(script: Script, { chdir, environment = {} }: ScriptPlace): Script {
  const names = Object.entries(environment)
  const reading = names.map(
    ([name, value]) => sh`_hv ${textOf(value).split('\n').length}; ${raw(name)}=$_v; export ${raw(name)}`,
  )
  return lines(
    raw('unset LC_ALL'),
    ...(names.length === 0 ? [] : [readValue, ...reading, raw('unset _v _l _n')]),
    ...(chdir === undefined ? [] : [sh`cd -- ${chdir} || exit`]),
    sh`(${script}
)
_s=$?
printf '\\001ended\\001'
exit $_s`,
  )
}

const readValue = raw(`_hv() { _n=$1; _v=
while [ "$_n" -gt 1 ]; do IFS= read -r _l; _v="$_v$_l
"; _n=$((_n-1)); done
IFS= read -r _l; _v=$_v$_l; }`)

/** What {@link wrapped} reads, then what the command reads. */
export function inputOf(params: Pick<CommonParams, 'environment' | 'stdin' | 'stdin_add_newline'>): string {
  const values = Object.values(params.environment ?? {}).map((value) => `${textOf(value)}\n`)
  const stdin = params.stdin === undefined ? '' : reveal(params.stdin)
  const newline = stdin !== '' && params.stdin_add_newline ? '\n' : ''
  return values.join('') + stdin + newline
}

function textOf(value: unknown): string {
  return value instanceof Secret ? value.reveal() : String(value)
}
