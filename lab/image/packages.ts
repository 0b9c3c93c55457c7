import { releases, type Release } from './release.ts'

/** The packages of every host: a small server, like a provider's image. */
export const basePackages = (release: Release): readonly string[] => [
  ...['systemd', 'systemd-sysv', 'libpam-systemd', 'dbus', 'openssh-server', 'sudo', 'cron', 'logrotate', 'kmod'],
  ...['iproute2', 'iputils-ping', 'netbase', 'procps', 'ca-certificates', 'curl', 'gpgv', 'less', 'tzdata', 'locales'],
  // Three shells to test against, and Python for comparisons with Ansible only.
  ...['bash', 'dash', 'busybox', 'perl-base', 'python3', 'python3-apt'],
  // In 12 a part of systemd. Without it, only root may ping.
  ...(release === '12' ? [] : ['linux-sysctl-defaults']),
]

/** The packages that hosts can install, with their dependencies. */
export const archivePackages = (release: Release): readonly string[] => [
  ...recommendingPackages(release),
  ...['rsync', 'acl', 'openssh-client', 'openssh-server', 'cron', 'sudo', 'opendoas', 'socat', 'netcat-openbsd'],
  ...['patroni', 'python3-etcd', 'etcd-server', 'etcd-client', 'haproxy', 'pgbouncer', 'python3-psycopg2'],
  ...['chrony', 'bind9', 'bind9-utils', 'bind9-dnsutils', 'nftables'],
  // Names of their own in Debian 12; in 13 other packages provide them.
  ...(release === '12' ? ['dnsutils', 'postgresql-contrib'] : []),
  // Small ones, for tests of package handling itself.
  ...['hello', 'tree', 'lsof', 'jq'],
]

/** Those whose recommended packages are in the archive as well, as a plain `apt-get install` would want them. */
export const recommendingPackages = (release: Release): readonly string[] => {
  const { postgresql } = releases[release]
  return [`postgresql-${postgresql}`, 'postgresql', 'postgresql-client', 'barman', 'barman-cli']
}

/** In the base already, and in the archive too, so that a host may remove and install them again. */
export const reinstallable: readonly string[] = ['openssh-client', 'openssh-server', 'cron', 'sudo', 'curl', 'less']
