/** os-release's ID → what Ansible calls the distribution. Others go by their NAME. */
const distributions: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  alpine: 'Alpine',
  rhel: 'RedHat',
  centos: 'CentOS',
  fedora: 'Fedora',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  arch: 'Archlinux',
  sles: 'SLES',
}

const families: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Debian',
  rhel: 'RedHat',
  centos: 'RedHat',
  fedora: 'RedHat',
  rocky: 'RedHat',
  almalinux: 'RedHat',
  ol: 'RedHat',
  amzn: 'RedHat',
  alpine: 'Alpine',
  arch: 'Archlinux',
  suse: 'Suse',
  sles: 'Suse',
}

/** A distribution and its family. For an unknown one, ID_LIKE of os-release says the family. */
export function familyOf(
  id: string,
  like: string,
  name: string,
): { readonly distribution: string; readonly family: string } {
  const distribution = distributions[id] ?? name.split(/[\s/]/)[0] ?? id
  const relative = [id, ...like.split(' ')].find((one) => families[one] !== undefined)
  return { distribution, family: relative === undefined ? distribution : (families[relative] ?? distribution) }
}

/** What runs as process 1, and what is beside it. */
export function serviceManager([first = '', ...beside]: readonly string[]): string {
  if (first === 'systemd' || beside.includes('systemd')) return 'systemd'
  if (beside.some((line) => line.endsWith('/rc-service'))) return 'openrc'
  return first === 'init' ? 'sysvinit' : first
}
