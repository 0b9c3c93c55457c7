import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkScript } from './shell.ts'
import type { Workload } from './task.ts'
import { ejsTemplate, typescriptPlaybook } from './typescript.ts'
import { jinjaTemplate, yamlPlaybook } from './yaml.ts'

/** The files of a workload: the same work in each language. */
export interface Written {
  readonly name: string
  readonly tasks: number
  readonly typescript: string
  readonly yaml: string
  readonly folder: string
}

export function writeWorkload(work: Workload, hosts: string, parent: string): Written {
  const folder = join(parent, work.name)
  const put = (path: string, text: string): string => {
    writeFileSync(join(folder, path), text)
    return join(folder, path)
  }
  for (const below of ['files', 'templates']) mkdirSync(join(folder, below), { recursive: true })
  for (const [name, content] of Object.entries(work.files)) put(join('files', name), content)
  for (const template of work.templates) {
    put(join('templates', `${template.name}.ejs`), ejsTemplate(template))
    put(join('templates', `${template.name}.j2`), jinjaTemplate(template))
  }
  put('package.json', '{ "type": "module" }\n')
  return {
    name: work.name,
    tasks: work.tasks.length,
    typescript: put('playbook.ts', typescriptPlaybook(work, hosts)),
    yaml: put('playbook.yml', yamlPlaybook(work, hosts)),
    folder,
  }
}

/** The limit for the same work; gives its path. */
export function writeCheck(work: Workload, { folder }: Written): string {
  const path = join(folder, 'check.sh')
  writeFileSync(path, checkScript(work).text)
  return path
}
