import { quote } from '../../quote.ts'
import { wordsOf } from '../../words.ts'

/** The words of a command line, as a shell would split it, with nothing but quotes and backslashes meaning anything (Python's shlex, which Ansible uses). */
export function splitWords(line: string): readonly string[] {
  return wordsOf(line, 'the command', 'give the words as a list with argv, which needs no quotes')
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
