export interface Schedule {
  readonly minute: string
  readonly hour: string
  readonly day: string
  readonly month: string
  readonly weekday: string
  readonly special_time?: string
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
