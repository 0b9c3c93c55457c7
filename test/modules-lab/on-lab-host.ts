import { openLab, type LabOptions } from '../../lab/index.ts'
import type { Host } from '../../lib/host/host.ts'
import { withHost } from '../../lib/testing/index.ts'

/** Variables of every host of a lab, as its inventory has them. */
function labVars(inventory: string): Record<string, string> {
  const [, section = ''] = inventory.split('[all:vars]\n')
  return Object.fromEntries(
    section
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}

/** A lab of its own with one host, and how to use that host as root. */
export async function labHost(options: LabOptions, name = 'h1') {
  const lab = openLab(options)
  await lab.up([name])
  const vars = { ...labVars(lab.inventory()), ansible_host: lab.address(name) }
  return {
    lab,
    vars,
    asRoot: <T>(use: (host: Host) => Promise<T>) => withHost(use, { name, vars: { ...vars, ansible_become: true } }),
    asAdmin: <T>(use: (host: Host) => Promise<T>) => withHost(use, { name, vars }),
  }
}
