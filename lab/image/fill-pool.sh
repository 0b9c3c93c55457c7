# fill-pool.sh DOWNLOADS POOL SCRATCH: puts packages into a repository with their files uncompressed (deb(5): data.tar), so that they are decompressed once
# here and not on each host that installs them. Those that are there already stay.
set -euo pipefail
downloads=$1 pool=$2 scratch=$3

uncompressed() {
  local deb=$1 into=$2 work control
  work=$(mktemp -d --tmpdir="$scratch")
  cd "$work"
  control=$(ar t "$deb" | grep '^control\.tar')
  ar x "$deb" debian-binary "$control"
  dpkg-deb --fsys-tarfile "$deb" >data.tar
  ar rcD new.deb debian-binary "$control" data.tar
  mv new.deb "$into"
  rm -r "$work"
}
export -f uncompressed
export scratch SHELL=/bin/bash

mkdir -p "$pool"
for deb in "$downloads"/*.deb; do
  into=$pool/$(basename "$deb")
  [ -e "$into" ] || printf '%s\0%s\0' "$deb" "$into"
done | xargs --null --no-run-if-empty --max-args=2 --max-procs="$(nproc)" bash -euo pipefail -c 'uncompressed "$1" "$2"' -
