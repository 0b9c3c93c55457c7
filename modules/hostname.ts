import {
  change,
  choice,
  defineModule,
  HostwrightError,
  optional,
  sh,
  Type,
  unchanged,
  unknownText,
} from '../lib/index.ts'
import { hostNameComplaint, staticHostName } from '../lib/kit/system/host-name.ts'

/** The result of `hostname`. */
export interface HostnameResult {
  /** The name of the host. */
  readonly name: string
  /** The facts of the new name. */
  readonly ansible_facts: HostnameFacts
}

/** Facts about the name of a host. */
export interface HostnameFacts {
  /** The name without its domain. */
  readonly ansible_hostname: string
  /** The name that the kernel has. */
  readonly ansible_nodename: string
  /** The name with its domain, as the host resolves it; in check mode unknown if the name would change. */
  readonly ansible_fqdn: string
  /** The domain; empty when there is none. */
  readonly ansible_domain: string
}

const file = '/etc/hostname'
const question = sh`uname -n; hostname -f 2>/dev/null || uname -n; if [ -d /run/systemd/system ]; then echo systemd; fi`
/** By this name check mode finds what a change has left. */
const effect = { kind: 'command', name: 'host name' } as const

/**
 * The name of the host: the one that the kernel has now, and the one in /etc/hostname, which it gets at boot. /etc/hosts is left alone: see `lineinfile` for a name
 * that no name server knows.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/hostname_module.html
 *
 * @throws when `use` is `systemd` and the host has no systemd, or when the host refuses the name, as a container may.
 * @example
 * hostname({ name: 'db1.example.org' })
 */
export const hostname = defineModule({
  name: 'hostname',
  summary: 'Sets the name of the host.',
  params: {
    name: Type.String({ description: 'The name, with its domain or without; 64 characters at most.', minLength: 1 }),
    use: optional(
      choice(['systemd', 'debian', 'alpine'], {
        description: 'Who tells the kernel: hostnamectl, or the program hostname. By default what fits the host.',
      }),
    ),
  },
  examples: [{ name: 'A server', params: { name: 'db1.example.org' } }],
  check: ({ name }) => hostNameComplaint(name),
  plan: async ({ name, use }, host) => {
    const [asked, stored] = await Promise.all([host.ask(question, { about: effect.name }), host.files.read(file)])
    const [running = '', fqdn = '', manager = ''] = asked.stdout.split('\n')
    if (use === 'systemd' && manager !== 'systemd')
      throw new HostwrightError('"use" is "systemd", which does not run on this host', { next: 'leave "use" out' })
    const before = { running, file: staticHostName(stored?.toString() ?? '') }
    const stays = running === name
    if (stays && before.file === name) return unchanged(resultOf(name, fqdn))
    return change({
      diff: [{ of: 'host name', before, after: { running: name, file: name } }],
      result: resultOf(name, stays ? fqdn : undefined),
      apply: async (host) => {
        if (before.file !== name) await host.files.write(file, Buffer.from(`${name}\n`))
        if (stays) return
        const daemon = use === 'systemd' || (use === undefined && manager === 'systemd')
        const { status, stderr } = await host.run(
          daemon ? sh`hostnamectl --transient set-hostname ${name}` : sh`hostname ${name}`,
          { effect, leaves: [name, unknownText('fqdn'), manager, ''].join('\n'), facts: factsOf(name) },
        )
        if (status !== 0)
          throw new HostwrightError(`the host refuses the name "${name}": ${stderr.trim()}`, {
            next: `${file} has it; the host takes it at its next boot`,
            data: { rc: status, stderr },
          })
        const [, found] = (await host.ask(question, { about: effect.name })).stdout.split('\n')
        return resultOf(name, found)
      },
    })
  },
})

/** Facts of a host with this name. Without `fqdn` nobody knows yet how the host resolves it. */
function factsOf(nodename: string, fqdn = unknownText('fqdn')) {
  const domain = fqdn.includes(unknownText('fqdn')) ? unknownText('domain') : fqdn.split('.').slice(1).join('.')
  return { hostname: nodename.split('.')[0] ?? '', nodename, fqdn, domain }
}

function resultOf(name: string, fqdn?: string): HostnameResult {
  const facts = factsOf(name, fqdn)
  return {
    name,
    ansible_facts: {
      ansible_hostname: facts.hostname,
      ansible_nodename: facts.nodename,
      ansible_fqdn: facts.fqdn,
      ansible_domain: facts.domain,
    },
  }
}
