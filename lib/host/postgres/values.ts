import type Pg from 'pg'
import { pg } from './pg.ts'

const int8 = 20
const int8Array = 1016
const nameArray = 1003
const textArray = 1009
/** Dates, times and intervals keep the server's text: a JavaScript Date knows neither microseconds nor infinity. bytea keeps its hexadecimal text. */
const asText = new Set([17, 1082, 1083, 1114, 1184, 1266, 1186, 1700])
const asTextArray = new Set([1001, 1115, 1182, 1185, 1187, 1231, 1002, 1034, nameArray])

type Parse = (value: string) => unknown

/** How values come out of the server: whole numbers that fit as numbers, others as text, JSON and arrays parsed. */
export const valueTypes: Pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    parserOf(oid, format)) as Pg.CustomTypesConfig['getTypeParser'],
}

function parserOf(oid: number, format?: 'text' | 'binary'): Parse {
  const known = pg().types.getTypeParser as (oid: number, format?: string) => Parse
  if (asText.has(oid)) return (value) => value
  if (oid === int8) return wholeNumber
  if (oid === int8Array) {
    const strings = known(textArray)
    return (value) =>
      (strings(value) as readonly (string | null)[]).map((item) => (item === null ? null : wholeNumber(item)))
  }
  return known(asTextArray.has(oid) ? textArray : oid, format)
}

function wholeNumber(value: string): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
