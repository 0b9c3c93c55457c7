import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PlaybookData } from '../play/data.ts'

/**
 * Runs the playbook if its module is the program that was started, and does nothing where it is imported. Everything that a run
 * needs is loaded only then.
 *
 * @example
 * export default site
 * await main(import.meta, site) // node --import tsx playbooks/site.ts --check
 */
export async function main(meta: { readonly url: string }, playbook: PlaybookData): Promise<void> {
  const file = programFile(meta.url)
  if (file === undefined) return
  const [{ processConsole }, { programCommand }] = await Promise.all([
    import('./console.ts'),
    import('./commands/program-command.ts'),
  ])
  process.exitCode = await programCommand({ ...playbook, file }, process.argv.slice(2), processConsole())
}

/** The file of the module, if it is the one that was started; it may have been started by another name for it. */
function programFile(url: string): string | undefined {
  const started = process.argv[1]
  if (started === undefined || !url.startsWith('file:')) return undefined
  const file = fileURLToPath(url.replace(/[?#].*$/, ''))
  const real = realPath(file)
  const names = ['', '.ts', '.mts', '.js', '.mjs'].map((ending) => realPath(started + ending))
  return real !== undefined && names.includes(real) ? file : undefined
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
