import type { LoadedPlaybook } from '../run/options.ts'

/**
 * Loads a playbook from its file of TypeScript or JavaScript, whose default export it is. What the file looks up, such as templates, is beside it.
 *
 * @param file - relative to the current folder.
 * @throws HostwrightError of kind `input` when there is no such file, when it breaks, or when it exports no playbook.
 * @example
 * const outcome = await run(await loadPlaybook('playbooks/site.ts'), { inventory: 'hosts.ini', check: true })
 */
export async function loadPlaybook(file: string): Promise<LoadedPlaybook> {
  const { loadPlaybookFile } = await import('./playbooks/load-playbook.ts')
  return loadPlaybookFile(file, { cwd: process.cwd(), env: process.env })
}
