import { LabError } from '../command.ts'

export const releases = {
  '12': { codename: 'bookworm', postgresql: '15' },
  '13': { codename: 'trixie', postgresql: '17' },
} as const

export type Release = keyof typeof releases

export const defaultRelease: Release = '13'

export const isRelease = (text: string): text is Release => Object.hasOwn(releases, text)

/** Accepts a number or a codename. */
export function releaseNamed(text: string): Release {
  const wanted = text.trim().toLowerCase()
  for (const [number, { codename }] of Object.entries(releases)) {
    if ((wanted === number || wanted === codename) && isRelease(number)) return number
  }
  throw new LabError(`There is no lab for Debian "${text}".`, `Known releases: ${Object.keys(releases).join(', ')}.`)
}
