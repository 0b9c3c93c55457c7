/** When a job runs. The fields are crontab’s own: a star, `5`, `1-5`, `0,30`. */
export interface Schedule {
  /** 0-59. */
  readonly minute: string
  /** 0-23. */
  readonly hour: string
  /** The day of the month, 1-31. */
  readonly day: string
  /** 1-12. */
  readonly month: string
  /** 0-6, Sunday is 0; or a name. */
  readonly weekday: string
  /** `reboot`, `daily` …, instead of all fields. */
  readonly special_time?: string
  /** The job stays in the crontab as a comment. */
  readonly disabled: boolean
}

/** A line of a crontab; in a file of its own it names the user too. @see crontab(5) */
export function entry(schedule: Schedule, job: string, user: string | undefined): string {
  const { minute, hour, day, month, weekday, special_time, disabled } = schedule
  const time = special_time === undefined ? [minute, hour, day, month, weekday] : [`@${special_time}`]
  return `${disabled ? '#' : ''}${[...time, ...(user === undefined ? [] : [user]), job].join(' ')}`
}

/** Is a time given field by field? */
export function isTimed({ minute, hour, day, month, weekday }: Schedule): boolean {
  return [minute, hour, day, month, weekday].some((field) => field !== '*')
}
