host=$replica

main() {
  cd /
  server
  passfile=/var/lib/postgresql/$version/.main.pgpass
  if [ ! -f "$data/PG_VERSION" ]; then
    did
    install -d -o postgres -g postgres -m 0755 "/var/lib/postgresql/$version"
  fi
  put "$passfile" postgres 600 <<END
$primary_address:5432:*:replicator:$replication_password
END
  if [ ! -f "$data/PG_VERSION" ]; then
    slot() { PGPASSFILE=$passfile as_postgres psql -wXAtq "host=$primary_address user=replicator replication=true" -c "READ_REPLICATION_SLOT $replica"; }
    until slot 2>/dev/null | grep -q physical; do sleep 0.1; done
    clone "$version" "$primary_address" "$replica" >/dev/null
  fi
  put "$config/conf.d/hostwright-standby.conf" postgres 644 <<END
# Written by hostwright (pg_basebackup): whom this server follows while it is a standby.
primary_conninfo = 'host=$primary_address port=5432 user=replicator passfile=$passfile application_name=$replica'
primary_slot_name = $replica
END
  tuned
  until [ "$(as_postgres psql -XAtqc 'SELECT status FROM pg_stat_wal_receiver')" = streaming ]; do sleep 0.1; done
  recap
}
main </dev/null
