# What the scripts of all three hosts begin with. They are given: version, primary, primary_address, replica, replica_address,
# backup_address, and the passwords.
set -eu
changed=0
data=/var/lib/postgresql/$version/main config=/etc/postgresql/$version/main unit=postgresql@$version-main
server_packages="postgresql-$version postgresql-client-$version"

did() { changed=$((changed + 1)); }

# put PATH OWNER MODE: what comes on standard input is to be the file.
put() {
  wanted=$(cat)
  if printf '%s\n' "$wanted" | cmp -s - "$1" && [ "$(stat -c '%U %a' "$1")" = "$2 $3" ]; then return; fi
  did
  printf '%s\n' "$wanted" >"$1.part"
  chown "$2:$2" "$1.part"
  chmod "$3" "$1.part"
  mv "$1.part" "$1"
}

packages() {
  if [ "$(dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null | grep -cx installed)" = $# ]; then return; fi
  did
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 0755 /usr/sbin/policy-rc.d
  DEBIAN_FRONTEND=noninteractive apt-get -q -y install "$@" >/dev/null
  rm /usr/sbin/policy-rc.d
}

as_postgres() { runuser -u postgres -- "$@"; }

server() {
  [ -d /etc/postgresql-common ] || mkdir -p /etc/postgresql-common
  put /etc/postgresql-common/createcluster.conf root 644 <<END
# Managed by hostwright: how pg_createcluster makes new clusters on $host.

# Installing a server package makes no cluster: a primary's is made with the wanted settings, a standby's is cloned.
create_main_cluster = false
start_conf = 'auto'
ssl = on
cluster_name = '%v/%c'
log_line_prefix = '%%m [%%p] %%q%%u@%%d '
add_include_dir = 'conf.d'
END
  packages $server_packages "$@"
}

# The cluster is there: its settings, and the server running with them.
tuned() {
  before=$changed
  put "$config/pg_hba.conf" postgres 640 <<END
# Written by hostwright (pg_hba): the first rule that fits decides.

$(printf '%-7s %-15s %-15s %-23s %s\n' \
    local all postgres '' peer \
    local all all '' peer \
    host all all 127.0.0.1/32 scram-sha-256 \
    host all all ::1/128 scram-sha-256 \
    host replication replicator "$primary_address/32" scram-sha-256 \
    host postgres replicator "$primary_address/32" scram-sha-256 \
    host replication replicator "$replica_address/32" scram-sha-256 \
    host postgres replicator "$replica_address/32" scram-sha-256 \
    host all barman "$backup_address/32" scram-sha-256 \
    host replication streaming_barman "$backup_address/32" scram-sha-256)
END
  put "$config/conf.d/hostwright.conf" postgres 644 <<END
# Written by hostwright (pg_conf).
listen_addresses = '*'
port = 5432
password_encryption = 'scram-sha-256'
hot_standby = on
wal_log_hints = on
max_wal_senders = 10
max_replication_slots = 10
max_slot_wal_keep_size = 2GB
wal_level = replica
archive_mode = off
END
  case $(systemctl show --property=ActiveState,UnitFileState "$unit") in
    *=active*=enabled*) [ "$changed" = "$before" ] || systemctl restart "$unit" ;;
    *)
      did
      systemctl enable --quiet "$unit"
      systemctl start --no-block "$unit"
      until as_postgres pg_isready -q; do sleep 0.05; done
      ;;
  esac
}

recap() { echo "$host : ok=1 changed=$changed unreachable=0 failed=0"; }
