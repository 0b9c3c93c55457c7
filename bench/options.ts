import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { forms, type Form } from './cases/case.ts'
import { isTool, tools, type Tool } from './tools/tool.ts'

export interface Options {
  readonly form: Form
  /** Names of cases; all when none is given. */
  readonly cases: readonly string[]
  readonly forks: number
  /** Instead of each case's own number of runs. */
  readonly runs: number | undefined
  readonly tools: readonly Tool[] | undefined
  /** The checkout of hostwright that is measured. */
  readonly library: string
  readonly results: string | undefined
}

export const usage = (cases: readonly { readonly name: string; readonly title: string }[]): string =>
  `usage: npm run bench -- [options] [${forms.join('|')}] [CASE…]

${cases.map(({ name, title }) => `  ${name.padEnd(12)}${title}`).join('\n')}

  --forks N         hosts at work at the same time, for every tool (20)
  --runs N          so many runs of everything, instead of each case's own number
  --tools A,B       only these: ${Object.keys(tools).join(', ')}
  --hostwright DIR  measure that checkout of hostwright instead of this one
  --results DIR     where to write them (bench/results; with --tools or --hostwright nothing is written without it)`

/** @throws with what is wrong with the command line. */
export function readOptions(argv: readonly string[], here: string, known: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { forks: text, runs: text, tools: text, hostwright: text, results: text, help: { type: 'boolean' } },
    allowPositionals: true,
  })
  if (values.help === true) return 'help'
  const isForm = (word: string): word is Form => (forms as readonly string[]).includes(word)
  const cases = positionals.filter((word) => !isForm(word))
  const strange = cases.filter((name) => !known.includes(name))
  if (strange.length > 0) throw new Error(`there is no case "${strange.join('", "')}" (there are: ${known.join(', ')})`)
  const wanted = values.tools?.split(',')
  const notTools = wanted?.filter((name) => !isTool(name)) ?? []
  if (notTools.length > 0) throw new Error(`"${notTools.join('", "')}" is none of ${Object.keys(tools).join(', ')}`)
  const partly = wanted !== undefined || values.hostwright !== undefined
  const usualResults = partly ? undefined : resolve(here, 'bench', 'results')
  return {
    form: positionals.find(isForm) ?? 'short',
    cases,
    forks: count('--forks', values.forks) ?? 20,
    runs: count('--runs', values.runs),
    tools: wanted?.filter(isTool),
    library: resolve(here, values.hostwright ?? '.'),
    results: values.results === undefined ? usualResults : resolve(values.results),
  }
}

function count(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option} wants a number from 1 on, not "${text}"`)
  return number
}
