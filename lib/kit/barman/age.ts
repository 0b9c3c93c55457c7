const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const

/** Seconds in `'90s'`, `'30m'`, `'12h'`, `'1d'`, `'2w'`; undefined for anything else. */
export function secondsIn(age: string): number | undefined {
  const [, count, unit] = /^(\d+)\s*([smhdw])$/.exec(age.trim()) ?? []
  return count === undefined ? undefined : Number(count) * seconds[unit as keyof typeof seconds]
}

/** As people say it: `3 days`, `1 hour`. */
export function showAge(age: number): string {
  const [size, word] =
    age >= 2 * 86_400
      ? [86_400, 'days']
      : age >= 2 * 3600
        ? [3600, 'hours']
        : age >= 120
          ? [60, 'minutes']
          : [1, 'seconds']
  return `${Math.floor(age / Number(size))} ${word}`
}
