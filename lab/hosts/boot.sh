# One host, from power on to power off. Started in a session and a mount namespace of its own, so that every mount
# made here ends with the last of its processes.
# usage: boot.sh NAME FOLDER LAYERS ARCHIVE NETNS CGROUP...
set -eu
name=$1 folder=$2 layers=$3 archive=$4 netns=$5
shift 5

# From the root cgroup, nspawn would make its own groups at the top, where two hosts collide.
for group; do
  mkdir -p "$group"
  echo $$ >"$group/cgroup.procs"
done

cd "$folder"
# Not volatile: a database here pays for its fsync, and what it wrote outlives a crash of the machine too.
mount -t overlay "hostwright-$name" -o "lowerdir=$layers,upperdir=upper,workdir=work" merged
# nspawn refuses a /run that lies on a disk.
mkdir -p /run/systemd/nspawn
mount -t tmpfs lab /run/systemd/nspawn

status=133
# 133 is how a reboot looks from outside with --keep-unit.
while [ "$status" = 133 ]; do
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network \
    systemd-nspawn --quiet --boot --register=no --keep-unit --machine="$name" --directory=merged \
    --network-namespace-path="/run/netns/$netns" --capability=CAP_NET_ADMIN --bind-ro="$archive:/srv/apt" \
    --resolv-conf=off --timezone=off --link-journal=no --console=pipe &
  echo $! >parent.pid
  status=0
  wait $! || status=$?
done
# A machine that is off answers nothing, not even a refusal.
ip -n "$netns" link set eth0 down || true
exit "$status"
