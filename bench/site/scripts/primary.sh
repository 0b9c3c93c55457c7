host=$primary

as_wanted="SELECT
  (SELECT count(*) FROM pg_authid WHERE rolcanlogin AND rolpassword LIKE 'SCRAM-SHA-256%' AND (rolname, rolreplication, rolsuper)
    IN (('replicator', true, false), ('streaming_barman', true, false), ('barman', false, true))) = 3
  AND (SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member JOIN pg_roles g ON g.oid = m.roleid
    WHERE r.rolname = 'barman' AND g.rolname IN ('pg_read_all_settings', 'pg_read_all_stats', 'pg_checkpoint')) = 3
  AND (SELECT count(*) FROM pg_proc WHERE proacl::text LIKE '%barman=X/%' AND
    proname IN ('pg_backup_start', 'pg_backup_stop', 'pg_switch_wal', 'pg_create_restore_point')) = 4
  AND (SELECT count(*) FROM pg_proc WHERE proacl::text LIKE '%replicator=X/%' AND
    proname IN ('pg_ls_dir', 'pg_stat_file', 'pg_read_binary_file')) = 4
  AND (SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name IN ('$replica', 'barman')) = 2
  AND NOT EXISTS (SELECT FROM pg_settings WHERE pending_restart)"

ask() { as_postgres psql -XAtqc "$1"; }

roles() {
  as_postgres psql -Xq -v ON_ERROR_STOP=1 >/dev/null <<END
CREATE ROLE replicator REPLICATION LOGIN PASSWORD '$replication_password';
CREATE ROLE barman SUPERUSER LOGIN PASSWORD '$barman_password';
CREATE ROLE streaming_barman REPLICATION LOGIN PASSWORD '$barman_streaming_password';
GRANT pg_read_all_settings, pg_read_all_stats, pg_checkpoint TO barman;
GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(), pg_create_restore_point(text) TO barman;
GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text),
  pg_read_binary_file(text, bigint, bigint, boolean) TO replicator;
SELECT pg_create_physical_replication_slot('$replica', true), pg_create_physical_replication_slot('barman', true);
END
}

main() {
  cd /
  server
  if [ ! -f "$data/PG_VERSION" ]; then
    did
    pg_createcluster --port=5432 --locale=C.UTF-8 --encoding=UTF8 --start-conf=auto "$version" main -- --data-checksums >/dev/null
  fi
  tuned
  if [ "$(ask "$as_wanted")" != t ]; then
    did
    roles
    until [ "$(ask "$as_wanted")" = t ]; do sleep 0.1; done
  fi
  recap
}
main </dev/null
