import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { HostwrightError } from '../../error.ts'
import type { PlaybookData } from '../../play/data.ts'
import type { LoadedPlaybook } from '../../run/options.ts'
import type { Console } from '../console.ts'
import { importFile } from './import-file.ts'

/** Imports a playbook file and takes its default export. */
export async function loadPlaybookFile(
  path: string,
  { cwd, env }: Pick<Console, 'cwd' | 'env'>,
): Promise<LoadedPlaybook> {
  const file = resolve(cwd, path)
  if (!existsSync(file)) throw trouble(file, `the playbook ${path} could not be found`, 'check the path')
  if (/\.ya?ml$/.test(file))
    throw trouble(file, `${path} is YAML`, 'a playbook is a TypeScript file that exports playbook(…) as its default')
  const playbook = (await importFile(file, cwd, env))['default']
  if (isPlaybook(playbook)) return { ...playbook, file }
  throw trouble(file, `${path} exports no playbook`, "end it with: export default playbook('name', [play1, play2])")
}

function isPlaybook(value: unknown): value is PlaybookData {
  return value !== null && typeof value === 'object' && 'type' in value && value.type === 'playbook' && 'plays' in value
}

function trouble(file: string, message: string, next: string): HostwrightError {
  return new HostwrightError(message, { kind: 'input', place: { file }, next })
}
