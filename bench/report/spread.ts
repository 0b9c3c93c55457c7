/** The middle of several measurements, and how far apart they were. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
  readonly count: number
}

export function spread(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const [low, high] = [sorted[0], sorted.at(-1)]
  if (low === undefined || high === undefined) return undefined
  const half = sorted.length / 2
  const median = ((sorted[Math.ceil(half) - 1] ?? low) + (sorted[Math.floor(half)] ?? high)) / 2
  return { median, low, high, count: sorted.length }
}

/** Three digits that matter, and no more. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1
  return value.toFixed(Math.max(0, Math.min(4, 3 - whole)))
}
