/** What is known of a machine, under Ansible's names (without the `ansible_` prefix). */
export interface Facts {
  readonly hostname: string
  readonly nodename: string
  readonly fqdn: string
  readonly domain: string
  readonly system: string
  readonly kernel: string
  readonly kernel_version: string
  readonly architecture: string
  readonly machine: string
  readonly machine_id: string
  /** `Debian`, `RedHat`, `Alpine` … */
  readonly os_family: string
  readonly distribution: string
  readonly distribution_version: string
  readonly distribution_major_version: string
  readonly distribution_release: string
  readonly processor_vcpus: number
  readonly memtotal_mb: number
  readonly memfree_mb: number
  readonly swaptotal_mb: number
  readonly service_mgr: string
  readonly pkg_mgr: string
  readonly virtualization_type: string
  readonly interfaces: readonly string[]
  readonly all_ipv4_addresses: readonly string[]
  readonly all_ipv6_addresses: readonly string[]
  readonly default_ipv4: DefaultAddress
  readonly default_ipv6: DefaultAddress
  readonly user_id: string
  readonly user_uid: number
  readonly user_gid: number
  readonly user_dir: string
  readonly user_shell: string
  readonly uptime_seconds: number
  readonly env: Readonly<Record<string, string>>
  readonly date_time: DateTime
  readonly mounts: readonly Mount[]
}

export interface DefaultAddress {
  readonly address?: string
  readonly interface?: string
  readonly gateway?: string
}

export interface DateTime {
  readonly epoch: number
  readonly iso8601: string
  readonly date: string
  readonly time: string
  readonly tz: string
  readonly tz_offset: string
}

export interface Mount {
  readonly mount: string
  readonly device: string
  readonly fstype: string
  readonly size_total: number
  readonly size_available: number
}
