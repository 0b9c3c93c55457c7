import { setTimeout as sleep } from 'node:timers/promises'

/** How long {@link until} waits. */
export interface Patience {
  /** Seconds before the first look. */
  readonly delay: number
  /** Seconds between looks. */
  readonly sleep: number
  /** Seconds in all. */
  readonly timeout: number
}

/** Looks until something is there. Returns it, and the seconds that it took; undefined when the time is up. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  patience: Patience,
): Promise<{ readonly found: T | undefined; readonly elapsed: number }> {
  const started = Date.now()
  const elapsed = () => (Date.now() - started) / 1000
  if (patience.delay > 0) await sleep(patience.delay * 1000)
  for (;;) {
    const found = await look()
    const left = patience.timeout - elapsed()
    if (found !== undefined || left <= 0) return { found, elapsed: Math.floor(elapsed()) }
    await sleep(Math.min(patience.sleep, left) * 1000)
  }
}
