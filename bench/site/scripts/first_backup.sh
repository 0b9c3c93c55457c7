#!/bin/sh
# usage: first_backup.sh SERVER: takes a backup, and waits until all the WAL it needs is archived.
set -eu
server=$1
as_barman() { runuser -u barman -- "$@" </dev/null; }
login=$(sed -n 's/^conninfo = //p' "/etc/barman.d/$server.conf")
cd /
until as_barman barman check "$server" >/dev/null; do sleep 0.5; done
as_barman barman backup --immediate-checkpoint "$server"
until grep -q status=DONE "/var/lib/barman/$server/base/"*/backup.info; do
  as_barman barman switch-wal --force --archive --archive-timeout 10 "$server" || :
  as_barman psql -wXqAt -d "$login" -c 'SELECT txid_current()' >/dev/null
  as_barman barman cron
  as_barman barman check-backup "$server" latest || :
  sleep 0.3
done
