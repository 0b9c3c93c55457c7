#!/bin/sh
# usage: first_wal.sh SERVER: has the server close a WAL file, and waits until barman has it in its archive.
set -eu
server=$1
as_barman() { runuser -u barman -- "$@" </dev/null; }
login=$(sed -n 's/^conninfo = //p' "/etc/barman.d/$server.conf")
# Barman archives a streamed file once the next one has begun, which on an idle server takes a transaction.
transaction() { as_barman psql -wXqAt -d "$login" -c 'SELECT txid_current()' >/dev/null; }
cd /
as_barman barman -q cron
until ls "/var/lib/barman/$server/streaming/"*.partial >/dev/null 2>&1; do sleep 0.2; done
transaction
as_barman barman switch-wal --force --archive --archive-timeout 60 "$server" &
while sleep 0.3 && kill -0 $! 2>/dev/null; do transaction; done
wait $!
