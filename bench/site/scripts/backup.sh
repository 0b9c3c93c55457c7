host=$backup

main() {
  cd /
  server barman barman-cli rsync
  put /var/lib/barman/.pgpass barman 600 <<END
# Managed by hostwright: host:port:database:user:password
$primary_address:5432:*:barman:$barman_password
$primary_address:5432:*:streaming_barman:$barman_streaming_password
END
  put /etc/cron.d/barman root 644 <<END
# Managed by hostwright: what is changed here by hand is overwritten.
# Every minute: receive-wal runs, WAL is archived, retention policies are kept.
MAILTO=root
* * * * * barman [ -x /usr/bin/barman ] && /usr/bin/barman -q cron
END
  put "/etc/barman.d/$primary.conf" root 644 <<END
; Managed by hostwright: what is changed here by hand is overwritten.
[$primary]
description = PostgreSQL $version on $primary
conninfo = host=$primary_address port=5432 user=barman dbname=postgres
streaming_conninfo = host=$primary_address port=5432 user=streaming_barman
backup_method = postgres
streaming_archiver = on
archiver = off
slot_name = barman
path_prefix = /usr/lib/postgresql/$version/bin
retention_policy = RECOVERY WINDOW OF 7 DAYS
END
  kept=/var/lib/barman/$primary
  if [ -z "$(find "$kept/wals" -type f -name '????????????????????????' 2>/dev/null | head -n 1)" ]; then
    did
    slot() { runuser -u barman -- psql -wXAtq "host=$primary_address user=barman dbname=postgres" -c "SELECT 1 FROM pg_replication_slots WHERE slot_name = 'barman'"; }
    until [ "$(slot 2>/dev/null)" = 1 ]; do sleep 0.1; done
    first_wal "$primary" >/dev/null
  fi
  if ! grep -qs status=DONE "$kept/base/"*/backup.info; then
    did
    first_backup "$primary" >/dev/null
  fi
  recap
}
main </dev/null
