/** A server's version in parts, as community.postgresql gives it. */
export interface VersionParts {
  /** 17 of 17.5; 9 of 9.6.24. */
  readonly major: number
  /** 5 of 17.5; 6 of 9.6.24. */
  readonly minor: number
  /** Before version 10 there were three numbers. */
  readonly patch?: number
  /** `17.5`. */
  readonly full: string
  /** The answer to `SELECT version()`. */
  readonly raw: string
}

/** A server's version in parts, from `server_version_num`, `server_version` and `version()`. */
export function versionParts(number: number, full: string, raw: string): VersionParts {
  const major = Math.floor(number / 10000)
  const words = { full: full.split(' ')[0] ?? full, raw }
  if (major >= 10) return { major, minor: number % 10000, ...words }
  return { major, minor: Math.floor(number / 100) % 100, patch: number % 100, ...words }
}

/** The number before the first dot; two numbers before version 10: `9.6`. What paths and packages are named for. */
export function majorVersion(version: string): string {
  const [first = '', second] = version.split('.')
  return Number(first) < 10 && second !== undefined ? `${first}.${second}` : first
}
