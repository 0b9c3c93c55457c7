import { LabError } from '../command.ts'

export const releases = {
  '12': { codename: 'bookworm', postgresql: '15' },
  '13': { codename: 'trixie', postgresql: '17' },
} as const

/** A release of Debian that the lab has. */
export type Release = '12' | '13'

export const defaultRelease: Release = '13'

export const isRelease = (text: string): text is Release => Object.hasOwn(releases, text)

function find(text: string): Release | undefined {
  const wanted = text.trim().toLowerCase()
  const names = Object.keys(releases).filter(isRelease)
  return names.find((number) => wanted === number || wanted === releases[number].codename)
}

export const isReleaseName = (text: string): boolean => find(text) !== undefined

/** Accepts a number or a codename. */
export function releaseNamed(text: string): Release {
  const found = find(text)
  if (found !== undefined) return found
  throw new LabError(`There is no lab for Debian "${text}".`, `Known releases: ${Object.keys(releases).join(', ')}.`)
}
