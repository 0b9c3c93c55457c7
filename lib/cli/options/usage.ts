import type { Option, Options } from './options.ts'

const column = 34
const width = 100

/** The options of a table, as `--help` lists them. */
export function helpText(usage: string, about: string, table: Options): string {
  const lines = Object.entries(table).map(([name, option]) => optionHelp(name, option))
  return `usage: ${usage}\n\n${about}\n\noptions:\n${lines.join('')}`
}

function optionHelp(name: string, option: Option): string {
  const value = option.value === undefined ? '' : ` ${option.value}`
  const short = option.short === undefined ? '    ' : `-${option.short}, `
  const names = [name, ...(option.aliases ?? [])].map((each) => `--${each}`).join(', ')
  const head = `  ${short}${names}${value}`
  const choices = option.choices === undefined ? '' : ` (${option.choices.join(', ')})`
  const env = option.env === undefined ? '' : ` [${option.env.join(', ')}]`
  const [first = '', ...rest] = wrap(`${option.help}${choices}${env}`, width - column)
  const start = head.length < column - 1 ? head.padEnd(column) + first : `${head}\n${' '.repeat(column)}${first}`
  return [start, ...rest.map((line) => ' '.repeat(column) + line)].join('\n') + '\n'
}

/** The text in lines of at most this width. */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
