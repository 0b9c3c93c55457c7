#!/bin/sh
# usage: clone.sh VERSION PRIMARY NAME: clones the primary, over the slot of that name, into a cluster of Debian's that does not run yet.
set -eu
version=$1 primary=$2 name=$3
data=/var/lib/postgresql/$version/main share=/usr/share/postgresql/$version
login="host=$primary port=5432 user=replicator passfile=/var/lib/postgresql/$version/.main.pgpass application_name=$name"
cd /
runuser -u postgres -- "/usr/lib/postgresql/$version/bin/pg_basebackup" --pgdata "$data" --dbname "$login" \
  --wal-method stream --checkpoint fast --slot "$name" --no-password </dev/null
install -o postgres -g postgres -m 0640 "$share/postgresql.conf.sample" "$data/postgresql.conf"
install -o postgres -g postgres -m 0640 "$share/pg_ident.conf.sample" "$data/pg_ident.conf"
install -o postgres -g postgres -m 0640 /dev/null "$data/pg_hba.conf"
cat >>"$data/postgresql.conf" <<END
ssl = on
ssl_cert_file = '/etc/ssl/certs/ssl-cert-snakeoil.pem'
ssl_key_file = '/etc/ssl/private/ssl-cert-snakeoil.key'
END
install -o postgres -g postgres -m 0600 /dev/null "$data/standby.signal"
pg_createcluster --datadir "$data" --port 5432 --start-conf auto "$version" main </dev/null
grep -q '^include_dir' "/etc/postgresql/$version/main/postgresql.conf" ||
  echo "include_dir = 'conf.d'" >>"/etc/postgresql/$version/main/postgresql.conf"
install -d -o postgres -g postgres -m 0755 "/etc/postgresql/$version/main/conf.d"
