/** Facts of a machine, under Ansible's names without the `ansible_` prefix. */
export interface Facts {
  /** The host name without its domain. */
  readonly hostname: string
  /** The name that the kernel has: `uname -n`. */
  readonly nodename: string
  /** The host name with its domain. */
  readonly fqdn: string
  /** The domain; empty when there is none. */
  readonly domain: string
  /** The kernel's name: `Linux`. */
  readonly system: string
  /** The kernel's release: `uname -r`. */
  readonly kernel: string
  /** The kernel's version: `uname -v`. */
  readonly kernel_version: string
  /** `x86_64`, `aarch64` … */
  readonly architecture: string
  /** The hardware's name: `uname -m`. */
  readonly machine: string
  /** The content of /etc/machine-id. */
  readonly machine_id: string
  /** `Debian`, `RedHat`, `Alpine` … */
  readonly os_family: string
  /** The distribution: `Debian`. */
  readonly distribution: string
  /** Its version: `12.5`. */
  readonly distribution_version: string
  /** The first number of its version: `12`. */
  readonly distribution_major_version: string
  /** The name of its release: `bookworm`. */
  readonly distribution_release: string
  /** The number of processors. */
  readonly processor_vcpus: number
  /** Memory in megabytes. */
  readonly memtotal_mb: number
  /** Free memory in megabytes. */
  readonly memfree_mb: number
  /** Swap space in megabytes. */
  readonly swaptotal_mb: number
  /** What runs as process 1: `systemd`. */
  readonly service_mgr: string
  /** The package manager: `apt`, `dnf` … */
  readonly pkg_mgr: string
  /** `kvm`, `lxc` …; as Ansible names it. */
  readonly virtualization_type: string
  /** The names of the network interfaces. */
  readonly interfaces: readonly string[]
  /** All IPv4 addresses but those of the loopback interface. */
  readonly all_ipv4_addresses: readonly string[]
  /** All IPv6 addresses but those of the loopback interface. */
  readonly all_ipv6_addresses: readonly string[]
  /** The IPv4 address that packets to other networks are sent from. */
  readonly default_ipv4: DefaultAddress
  /** The IPv6 address that packets to other networks are sent from. */
  readonly default_ipv6: DefaultAddress
  /** The name of the user who gathered the facts. */
  readonly user_id: string
  /** The number of that user. */
  readonly user_uid: number
  /** The number of that user's group. */
  readonly user_gid: number
  /** The home directory of that user. */
  readonly user_dir: string
  /** The login shell of that user. */
  readonly user_shell: string
  /** Seconds since the host was started. */
  readonly uptime_seconds: number
  /** The environment of the shell that gathered the facts. */
  readonly env: Readonly<Record<string, string>>
  /** The time of the host when the facts were gathered. */
  readonly date_time: DateTime
  /** The mounted file systems. */
  readonly mounts: readonly Mount[]
}

/** The address that packets to other networks are sent from; empty when there is no default route. */
export interface DefaultAddress {
  /** The address. */
  readonly address?: string
  /** The network interface: `eth0`. */
  readonly interface?: string
  /** The router. */
  readonly gateway?: string
}

/** The time of the host when the facts were gathered, in its own time zone. */
export interface DateTime {
  /** Seconds since 1970. */
  readonly epoch: number
  /** UTC, as `2026-01-31T12:00:00Z`. */
  readonly iso8601: string
  /** `2026-01-31`. */
  readonly date: string
  /** `12:00:00`. */
  readonly time: string
  /** The name of the time zone: `CET`. */
  readonly tz: string
  /** The offset from UTC: `+0100`. */
  readonly tz_offset: string
}

/** A mounted file system. */
export interface Mount {
  /** Where it is mounted. */
  readonly mount: string
  /** The device or source. */
  readonly device: string
  /** The type of the file system: `ext4`. */
  readonly fstype: string
  /** Its size in bytes. */
  readonly size_total: number
  /** The bytes that an ordinary user may still write. */
  readonly size_available: number
}
