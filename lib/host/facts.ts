/** What is known of a machine, under Ansible's names (without the `ansible_` prefix). */
export interface Facts {
  readonly hostname: string
  readonly fqdn: string
  readonly kernel: string
  readonly architecture: string
  /** `Debian`, `RedHat`, `Alpine` … */
  readonly os_family: string
  readonly distribution: string
  readonly distribution_version: string
  readonly distribution_major_version: string
  readonly distribution_release: string
  readonly processor_vcpus: number
  readonly memtotal_mb: number
  readonly service_mgr: string
  readonly pkg_mgr: string
  readonly all_ipv4_addresses: readonly string[]
  readonly default_ipv4: { readonly address?: string; readonly interface?: string }
  readonly user_id: string
  readonly env: Readonly<Record<string, string>>
  readonly date_time: { readonly epoch: number; readonly iso8601: string }
}
