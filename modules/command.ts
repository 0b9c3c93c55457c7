import { defineModule, HostwrightError, listOf, optional, quote, raw, Type, withDefault } from '../lib/index.ts'
import { commonComplaints, commonParams } from '../lib/kit/command/params.ts'
import { planCommand } from '../lib/kit/command/plan.ts'
import { expandingWord, splitWords } from '../lib/kit/command/split.ts'

/**
 * Runs a program, without a shell: no pipes, no redirections; `$NAME` and a leading `~` are expanded. It counts as a change unless `creates`, `removes`, `changes` or the
 * task's `changed_when` say otherwise. In check mode it does not run, and its output is unknown.
 *
 * `changes: false` declares a command that only looks. It runs in check mode too.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/command_module.html
 *
 * @throws when it ends with another status than 0; `rc`, `stdout` and `stderr` are in the error.
 * @example
 * command({ argv: ['pg_createcluster', '17', 'main'], creates: '/etc/postgresql/17/main' })
 */
export const command = defineModule({
  name: 'command',
  summary: 'Runs a program.',
  params: {
    cmd: optional(Type.String({ description: 'The command line; quotes keep words together.' })),
    argv: optional(listOf(Type.String(), { description: 'The words of the command line, one by one.' })),
    expand_argument_vars: withDefault(Type.Boolean({ description: 'Expand `$NAME` and `~` in the words.' }), true),
    ...commonParams,
  },
  concurrent: true,
  examples: [
    { name: 'Once', params: { cmd: 'mkdir /srv/archive', creates: '/srv/archive' } },
    { name: 'Only looking', params: { argv: ['uname', '-r'], changes: false } },
  ],
  reads: ({ changes }) => !changes,
  check: (params) => [
    ...((params.cmd === undefined) === (params.argv === undefined)
      ? ['give either "cmd" or "argv"']
      : complaints(params)),
    ...commonComplaints(params),
  ],
  plan: (params, host) => {
    const words = wordsOf(params)
    const word = params.expand_argument_vars ? expandingWord : quote
    return planCommand(words, raw(`exec ${words.map(word).join(' ')}`), params, host)
  },
})

interface Given {
  readonly cmd?: string
  readonly argv?: readonly string[]
}

function wordsOf({ cmd, argv }: Given): readonly string[] {
  return argv ?? splitWords(cmd ?? '')
}

function complaints(given: Given): readonly string[] {
  try {
    const words = wordsOf(given)
    if (words.length === 0 || words[0] === '')
      return [`"${given.argv === undefined ? 'cmd' : 'argv'}": the command is empty`]
    // The shell's exec would take it for an option of its own.
    return words[0]?.startsWith('-') === true
      ? [
          `"${given.argv === undefined ? 'cmd' : 'argv'}": the name of a program cannot begin with a dash; give its path`,
        ]
      : []
  } catch (error) {
    if (error instanceof HostwrightError) return [error.message]
    throw error
  }
}
