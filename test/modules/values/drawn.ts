import { hostileValues } from '../../support/hostile-values.ts'
import type { Place } from './places.ts'

/** What is put into one place, or into two. */
export interface Draw {
  readonly places: readonly Place[]
  readonly texts: readonly string[]
}

/** As many draws: each a hostile value in the place of a good one, or the good one with something hostile before, behind or within it. */
export function draws(places: readonly Place[], count: number): readonly Draw[] {
  const values = hostileValues(count * 2)
  return Array.from({ length: count }, (_, i) => {
    const place = places[i % places.length]
    if (place === undefined) throw new Error('no place for text')
    // Sometimes a second one.
    const other = i % 7 === 6 ? places[(i * 5 + 3) % places.length] : undefined
    const second = other === undefined || other.parameter === place.parameter ? [] : [other]
    const all = [place, ...second]
    return {
      places: all,
      texts: all.map(({ good }, k) => mixed(good, values[i * 2 + k] ?? '', Math.floor(i / places.length) + k)),
    }
  })
}

function mixed(good: string, value: string, way: number): string {
  const middle = Math.ceil(good.length / 2)
  return (
    [value, value, good + value, value + good, good.slice(0, middle) + value + good.slice(middle)][way % 5] ?? value
  )
}
