/** Seconds since this was called. `performance` would tell them too, but Node loads eleven files of its own for it. */
export function stopwatch(): () => number {
  const start = process.hrtime.bigint()
  return () => Number(process.hrtime.bigint() - start) / 1e9
}
