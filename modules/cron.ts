import {
  change,
  choice,
  defined,
  defineModule,
  HostwrightError,
  optional,
  Type,
  unchanged,
  unknownText,
  withDefault,
  type Plan,
} from '../lib/index.ts'
import { jobComplaints, trimmed } from '../lib/kit/cron/complaints.ts'
import {
  crontabOf,
  namesIn,
  showCrontab,
  withEnv,
  withJob,
  withoutEnv,
  withoutJob,
  type Crontab,
} from '../lib/kit/cron/cron-edit.ts'
import { entry, isTimed, type Schedule } from '../lib/kit/cron/entry.ts'
import { fileTable, userTable } from '../lib/kit/cron/table.ts'
import { exclusive } from '../lib/kit/files/parameters.ts'

const times = ['reboot', 'yearly', 'annually', 'monthly', 'weekly', 'daily', 'hourly'] as const
const field = (description: string) => withDefault(Type.String({ description }), '*')

/**
 * A job that cron runs, or with `env` a variable for its jobs: in a user's crontab, or with `cron_file` in a file of /etc/cron.d. A job is known by its name,
 * which stands in a comment before it; a job without a name that is the same is taken over. The last job of a `cron_file` takes the file with it.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/cron_module.html
 *
 * @throws at start-up when the parameters do not go together; later when there is no crontab command, no such user, or no variable to insert beside.
 * @example
 * cron({ name: 'backup', minute: '0', hour: '3', job: 'barman backup all', user: 'barman', cron_file: 'barman-backup' })
 */
export const cron = defineModule({
  name: 'cron',
  summary: 'Jobs that cron runs.',
  params: {
    name: Type.String({ description: 'What the job, or the variable, is called.' }),
    job: optional(Type.String({ description: 'The command; with `env` the value. Needed for `state: present`.' })),
    state: withDefault(
      choice(['present', 'absent'], { description: 'Whether the job, or variable, is to be there.' }),
      'present',
    ),
    user: optional(Type.String({ description: 'Whose crontab; with `cron_file`, who the job runs as.' })),
    cron_file: optional(Type.String({ description: 'A file of /etc/cron.d, or its path.' })),
    minute: field('0-59, `*`, `*/2`, …'),
    hour: field('0-23'),
    day: field('1-31'),
    month: field('1-12'),
    weekday: field('0-6 for Sunday to Saturday'),
    special_time: optional(choice(times, { description: 'Instead of a time.' })),
    disabled: withDefault(Type.Boolean({ description: 'Keep the job, commented out.' }), false),
    env: withDefault(Type.Boolean({ description: 'A variable instead of a job.' }), false),
    insertafter: optional(Type.String({ description: 'Behind this variable.' })),
    insertbefore: optional(Type.String({ description: 'Before this variable.' })),
    backup: withDefault(Type.Boolean({ description: 'Keep the old `cron_file` beside it.' }), false),
  },
  examples: [
    {
      name: 'Every night at three',
      params: {
        name: 'backup',
        minute: '0',
        hour: '3',
        job: 'barman backup all',
        user: 'root',
        cron_file: '/tmp/backup',
      },
    },
  ],
  check: (params) => [
    ...(params.state === 'present' && params.job === undefined ? ['"job" is required'] : []),
    ...(params.state === 'present' && params.cron_file !== undefined && params.user === undefined
      ? ['"user" is required with "cron_file"']
      : []),
    ...(params.special_time !== undefined && isTimed(params)
      ? ['"special_time" takes the place of a time: give one of them']
      : []),
    ...(/[\r\n]/.test(trimmed(params.job))
      ? ['a job is a single line: put a script on the host']
      : jobComplaints(params)),
    ...exclusive(params, 'insertafter', 'insertbefore'),
    ...((params.insertafter ?? params.insertbefore) !== undefined && !params.env
      ? ['"insertafter" and "insertbefore" go with "env"']
      : []),
    ...(params.cron_file === '/etc/crontab' ? ['/etc/crontab belongs to the system: use a file of /etc/cron.d'] : []),
    ...(params.backup && params.cron_file === undefined ? ['"backup" goes with "cron_file"'] : []),
  ],
  plan: async (params, host): Promise<Plan<CronResult>> => {
    const { cron_file, backup } = params
    const table = cron_file === undefined ? userTable(params.user) : fileTable(cron_file)
    const before = await table.read(host)
    const lines = crontabOf(before ?? '')
    const after = edited(lines, params)
    const text = showCrontab(after)
    const about = { ...namesIn(after), ...defined({ cron_file }) }
    const closed = before === undefined || before === '' || /[\r\n]$/.test(before)
    if (closed && after.length === lines.length && after.every((line, at) => line === lines[at]))
      return unchanged(about)

    const gone = text.trim() === '' && table.remove !== undefined
    const kept = backup && before !== undefined && !gone
    return change({
      diff: [{ of: table.of, before: before ?? '', after: gone ? '' : text }],
      result: { ...about, ...(kept ? { backup_file: unknownText(`the backup of ${table.of}`) } : {}) },
      apply: async (writable) => {
        if (gone) return table.remove?.(writable)
        const backup_file = await table.write(writable, text, before, backup)
        return backup_file === undefined ? undefined : { backup_file }
      },
    })
  },
})

/** The result of `cron`. */
export interface CronResult {
  /** The names of the jobs that are there. */
  readonly jobs: readonly string[]
  /** The names of the variables that are there. */
  readonly envs: readonly string[]
  /** The file of cron.d, if it is one. */
  readonly cron_file?: string
  /** Where the old table was copied to. */
  readonly backup_file?: string
}

interface Wish extends Schedule {
  readonly name: string
  readonly job?: string
  readonly state: 'present' | 'absent'
  readonly env: boolean
  readonly user?: string
  readonly cron_file?: string
  readonly insertafter?: string
  readonly insertbefore?: string
}

function edited(lines: Crontab, params: Wish): Crontab {
  const { name, state, env, cron_file, user } = params
  const job = trimmed(params.job)
  if (state === 'absent') return env ? withoutEnv(lines, name) : withoutJob(lines, name)
  if (!env) return withJob(lines, name, entry(params, job, cron_file === undefined ? undefined : user))
  const set = withEnv(lines, name, job, params)
  if (set !== undefined) return set
  throw new HostwrightError(
    `there is no variable ${params.insertafter ?? params.insertbefore ?? ''} to insert ${name} beside`,
    {
      next: 'set it in an earlier task, or leave insertafter and insertbefore out',
    },
  )
}
