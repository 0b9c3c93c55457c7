import { defined } from '../../defined.ts'
import type { DefaultAddress, Facts, Mount } from '../facts.ts'
import { familyOf, serviceManager } from './systems.ts'

/** Parses the answers into facts. Pure. */
export function parseFacts(output: string): Facts {
  const said = new Map(
    output
      .split('\u0001')
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n') + 1)]),
  )
  const text = (question: string) => said.get(question) ?? ''
  const lines = (question: string) => text(question).trimEnd().split('\n')
  const [nodename = '', system = '', kernel = '', machine = '', kernelVersion = ''] = lines('uname')
  const fqdn = lines('fqdn')[0] || nodename
  const memory = parseMemory(text('memory'))
  const [name = '', uid = '', gid = '', home = '', passwd = ''] = lines('user')
  const addresses = parseAddresses(text('addresses'))
  const [routes4 = '', routes6 = ''] = text('routes').split('\n\n')
  const [epoch = '', date = '', time = '', tz = '', offset = ''] = lines('date')[0]?.split(' ') ?? []
  return {
    hostname: nodename.split('.')[0] ?? '',
    nodename,
    fqdn,
    domain: fqdn.split('.').slice(1).join('.'),
    system,
    kernel,
    kernel_version: kernelVersion,
    architecture: machine,
    machine,
    machine_id: text('machine').trim(),
    ...parseRelease(text('release'), lines('version')[0] ?? ''),
    processor_vcpus: Number(text('cpus')) || 1,
    memtotal_mb: Math.floor((memory['MemTotal'] ?? 0) / 1024),
    memfree_mb: Math.floor((memory['MemFree'] ?? 0) / 1024),
    swaptotal_mb: Math.floor((memory['SwapTotal'] ?? 0) / 1024),
    service_mgr: serviceManager(lines('init')),
    pkg_mgr: (lines('packages')[0]?.split('/').at(-1) ?? '').replace('apt-get', 'apt') || 'unknown',
    virtualization_type: text('virtual').trim() || 'unknown',
    interfaces: [...new Set(addresses.map((address) => address.interface))],
    all_ipv4_addresses: addresses.filter((one) => one.family === 'inet' && one.host).map((one) => one.address),
    all_ipv6_addresses: addresses.filter((one) => one.family === 'inet6' && one.host).map((one) => one.address),
    default_ipv4: defaultAddress(routes4, 'inet', addresses),
    default_ipv6: defaultAddress(routes6, 'inet6', addresses),
    user_id: name,
    user_uid: Number(uid),
    user_gid: Number(gid),
    user_dir: passwd.split(':')[5] ?? home,
    user_shell: passwd.split(':')[6] ?? '',
    uptime_seconds: Math.floor(Number(text('uptime').split(' ')[0])) || 0,
    env: parseEnv(text('env')),
    date_time: { epoch: Number(epoch), iso8601: isoTime(Number(epoch)), date, time, tz, tz_offset: offset },
    mounts: parseMounts(text('mounts')),
  }
}

function isoTime(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace('.000Z', 'Z')
}

function parseMemory(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries([...text.matchAll(/^(\w+): +(\d+) kB$/gm)].map(([, name, kb]) => [name, Number(kb)]))
}

/** os-release(5), with the point release where the distribution keeps it elsewhere. */
function parseRelease(text: string, pointRelease: string) {
  const values = new Map<string, string>()
  for (const [, key = '', value = ''] of text.matchAll(/^([A-Z_]+)=(.*)$/gm))
    if (!values.has(key)) values.set(key, value.replace(/^(['"])(.*)\1$/, '$2'))
  const id = values.get('ID') ?? ''
  const { distribution, family } = familyOf(id, values.get('ID_LIKE') ?? '', values.get('NAME') ?? '')
  const own = values.get('VERSION_ID') ?? ''
  const version = ['debian', 'alpine'].includes(id) && /^\d/.test(pointRelease) ? pointRelease : own
  return {
    os_family: family,
    distribution,
    distribution_version: version,
    distribution_major_version: version.split('.')[0] ?? '',
    distribution_release: values.get('VERSION_CODENAME') ?? 'NA',
  }
}

interface Address {
  readonly interface: string
  readonly family: string
  readonly address: string
  /** Not the loopback's own. */
  readonly host: boolean
}

/** `ip -o addr`, as iproute2 and busybox print it. */
function parseAddresses(text: string): readonly Address[] {
  return [...text.matchAll(/^\d+: (\S+?)(?:@\S+)? +(inet6?) ([^/\s]+)/gm)].map(
    ([, name = '', family = '', address = '']) => ({
      interface: name,
      family,
      address,
      host: !address.startsWith('127.') && address !== '::1',
    }),
  )
}

function defaultAddress(routes: string, family: string, addresses: readonly Address[]): DefaultAddress {
  const route = routes.split('\n').find((line) => line.trim().startsWith('default'))
  if (route === undefined) return {}
  const word = (after: string) => new RegExp(`\\b${after} (\\S+)`).exec(route)?.[1]
  const name = word('dev')
  const address = word('src') ?? addresses.find((one) => one.interface === name && one.family === family)?.address
  const gateway = word('via')
  return {
    ...defined({ address, interface: name, gateway }),
  }
}

/** Variables that our own connection has set. */
const ours = /^(SUDO_COMMAND|LC_ALL)=/

function parseEnv(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split('\0')
      .filter((entry) => entry.includes('=') && !ours.test(entry))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  )
}

/** File systems on devices, with their sizes in bytes. */
function parseMounts(text: string): readonly Mount[] {
  const [sizes = '', mounted = ''] = text.split('\n\n')
  const types = new Map(
    mounted.split('\n').map((line) => {
      const [device = '', mount = '', fstype = ''] = line.split(' ')
      return [unescape(mount), { device, fstype }] as const
    }),
  )
  return [...sizes.matchAll(/^(\S+) +(\d+) +\d+ +(\d+) +\d+% (.+)$/gm)].flatMap(
    ([, device = '', total, free, mount = '']) => {
      const type = types.get(mount)?.fstype
      if (type === undefined || (!device.startsWith('/') && !['overlay', 'zfs', 'btrfs'].includes(type))) return []
      return [{ mount, device, fstype: type, size_total: Number(total) * 1024, size_available: Number(free) * 1024 }]
    },
  )
}

/** /proc/mounts writes spaces and the like in octal. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)))
}
