/** One direction of a chart: where values lie between its ends, and which of them are named. */
export interface Axis {
  /** 0 at the beginning, 1 at the end. */
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

/** From zero to a round number beyond all values. */
export function linearAxis(values: readonly number[]): Axis {
  const top = Math.max(...values, Number.MIN_VALUE)
  const rough = top / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power
  const count = Math.max(1, Math.ceil(top / step - 1e-9))
  const ticks = Array.from({ length: count + 1 }, (_, i) => i * step)
  return { at: (value) => value / (count * step), ticks }
}

/** Each step multiplies. Between powers of ten 2 and 5 are named too, where there are few of them. */
export function logAxis(values: readonly number[]): Axis {
  const positive = values.filter((value) => value > 0)
  if (positive.length === 0) return logAxis([1])
  const [low, high] = [Math.min(...positive), Math.max(...positive)]
  const decades = Math.log10(high / low)
  const factors = decades <= 2.5 ? [1, 2, 5] : [1]
  const candidates = Array.from({ length: 40 }, (_, i) => i - 20).flatMap((power) =>
    factors.map((factor) => Number(`${factor}e${power}`)),
  )
  const below = candidates.filter((value) => value <= low * (1 + 1e-9)).at(-1) ?? low
  const beyond = candidates.find((value) => value >= high * (1 - 1e-9) && value > below) ?? high
  const ticks = candidates.filter((value) => value >= below && value <= beyond)
  const width = Math.log10(beyond / below)
  return { at: (value) => Math.log10(Math.max(value, below) / below) / width, ticks }
}
