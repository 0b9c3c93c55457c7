import { defineModule, sh, Type, withDefault } from '../lib/index.ts'
import { commonComplaints, commonParams } from '../lib/kit/command/params.ts'
import { planCommand } from '../lib/kit/command/plan.ts'

/**
 * Runs a line or a script in a shell: pipes, redirections, variables. A value from elsewhere is quoted with `quote(value)`, or goes to `command`.
 * Otherwise as `command`. Other users of the host can see the script while it runs; hand secrets over by `environment` or `stdin`.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/shell_module.html
 *
 * @throws when it ends with another status than 0; `rc`, `stdout` and `stderr` are in the error.
 * @example
 * shell({ cmd: 'zcat dump.sql.gz | psql shop', chdir: '/srv/dumps', creates: '/srv/dumps/.loaded' })
 */
export const shell = defineModule({
  name: 'shell',
  summary: 'Runs a script in a shell.',
  params: {
    cmd: Type.String({ description: 'The line of shell.', minLength: 1 }),
    executable: withDefault(Type.String({ pattern: '^/', description: 'The shell.' }), '/bin/sh'),
    ...commonParams,
  },
  concurrent: true,
  examples: [
    { name: 'Once', params: { cmd: 'echo ready >/srv/ready', creates: '/srv/ready' } },
    { name: 'Only looking', params: { cmd: 'ls /srv | wc -l', changes: false } },
  ],
  reads: ({ changes }) => !changes,
  check: commonComplaints,
  plan: (params, host) => planCommand(params.cmd, sh`exec ${params.executable} -c ${params.cmd}`, params, host),
})
