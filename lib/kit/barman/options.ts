/** Options of a server's section that have a parameter of their own, in the order in which they are written. */
export const namedOptions = [
  'description',
  'active',
  'conninfo',
  'streaming_conninfo',
  'ssh_command',
  'backup_method',
  'backup_options',
  'reuse_backup',
  'immediate_checkpoint',
  'parallel_jobs',
  'streaming_archiver',
  'archiver',
  'slot_name',
  'create_slot',
  'path_prefix',
  'compression',
  'retention_policy',
  'minimum_redundancy',
  'last_backup_maximum_age',
  'backup_directory',
] as const

/** Every other option that barman 3 documents for a server: barman(5). */
export const otherOptions = [
  ...['archiver_batch_size', 'autogenerate_manifest', 'aws_await_snapshots_timeout', 'aws_profile', 'aws_region'],
  ...['aws_snapshot_lock_cool_off_period', 'aws_snapshot_lock_duration', 'aws_snapshot_lock_expiration_date'],
  ...['aws_snapshot_lock_mode', 'azure_credential', 'azure_resource_group', 'azure_subscription_id'],
  ...['backup_compression', 'backup_compression_format', 'backup_compression_level', 'backup_compression_location'],
  ...['backup_compression_workers', 'bandwidth_limit', 'basebackup_retry_sleep', 'basebackup_retry_times'],
  ...['basebackups_directory', 'check_timeout', 'cluster', 'custom_compression_filter', 'custom_compression_magic'],
  ...['custom_decompression_filter', 'errors_directory', 'forward_config_path', 'gcp_project', 'gcp_zone'],
  ...['incoming_wals_directory', 'keepalive_interval', 'last_backup_minimum_size', 'last_wal_maximum_age'],
  ...['local_staging_path', 'max_incoming_wals_queue', 'network_compression', 'parallel_jobs_start_batch_period'],
  ...['parallel_jobs_start_batch_size', 'primary_checkpoint_timeout', 'primary_conninfo', 'primary_ssh_command'],
  ...['recovery_options', 'recovery_staging_path', 'retention_policy_mode', 'snapshot_disks', 'snapshot_gcp_project'],
  ...['snapshot_instance', 'snapshot_provider', 'snapshot_zone', 'streaming_archiver_batch_size'],
  ...['streaming_archiver_name', 'streaming_backup_name', 'streaming_wals_directory', 'tablespace_bandwidth_limit'],
  ...['wal_conninfo', 'wal_retention_policy', 'wal_streaming_conninfo', 'wals_directory', 'worm_mode'],
  ...['xlogdb_directory'],
  ...['archive', 'backup', 'delete', 'recovery', 'wal_delete'].flatMap((step) =>
    ['pre', 'post'].flatMap((when) => [`${when}_${step}_script`, `${when}_${step}_retry_script`]),
  ),
] as const

/** Options of barman as a whole: they stand in /etc/barman.conf and mean nothing in a server's section. */
export const globalOptions = [
  ...['barman_home', 'barman_lock_directory', 'barman_user', 'config_changes_queue', 'configuration_files_directory'],
  ...['lock_directory_cleanup', 'log_file', 'log_format', 'log_level'],
] as const
