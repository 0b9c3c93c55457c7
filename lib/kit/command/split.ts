import { HostwrightError } from '../../error.ts'
import { quote } from '../../quote.ts'

/** The words of a command line, as a shell would split it, with nothing but quotes and backslashes meaning anything (Python's shlex, which Ansible uses). */
export function splitWords(line: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let quoted = ''
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? ''
    const next = line[i + 1]
    if (quoted === "'" ? char === "'" : quoted === '"' && char === '"') quoted = ''
    else if (quoted === "'") word = `${word ?? ''}${char}`
    else if (char === '\\' && next !== undefined && (quoted === '' || next === '"' || next === '\\')) {
      word = `${word ?? ''}${next}`
      i++
    } else if (quoted !== '') word = `${word ?? ''}${char}`
    else if (char === '"' || char === "'") {
      quoted = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (char === '\\') throw noEnd('a backslash at its end')
    else word = `${word ?? ''}${char}`
  }
  if (quoted !== '') throw noEnd(`no closing ${quoted}`)
  return word === undefined ? words : [...words, word]
}

function noEnd(what: string): HostwrightError {
  return new HostwrightError(`the command has ${what}`, {
    kind: 'input',
    next: 'give the words as a list with argv, which needs no quotes',
  })
}

/**
 * A word in which `$NAME`, `${NAME}` and a leading `~` mean what they mean on the host, as Ansible expands them; a variable that is not set stays as it is
 * written. Everything else is quoted.
 */
export function expandingWord(word: string): string {
  const [, tilde = '', rest = ''] = /^(~[A-Za-z0-9_.-]*(?=\/|$))?([^]*)$/.exec(word) ?? []
  const parts = rest.split(/(\$\w+|\$\{\w+\})/)
  const text = parts.map((part, i) => (i % 2 === 1 ? variable(part) : part === '' ? '' : quote(part))).join('')
  return tilde + text === '' ? "''" : tilde + text
}

function variable(written: string): string {
  const name = written.replace(/^\$\{?|\}$/g, '')
  // A name cannot begin with a digit; what does is no variable of the environment.
  return /^\d/.test(name) ? quote(written) : `"\${${name}-\\${written.replace('}', '\\}')}}"`
}
