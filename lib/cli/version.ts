import { readFileSync } from 'node:fs'
import { packageRoot } from '../package-root.ts'

/** The version in package.json. */
export function version(): string {
  return (JSON.parse(readFileSync(`${packageRoot}/package.json`, 'utf8')) as { version: string }).version
}
