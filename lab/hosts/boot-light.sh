# One light host: an sshd over the base, in namespaces of its own, without systemd.
# usage: boot-light.sh NAME FOLDER LAYERS ARCHIVE NETNS CGROUP...
set -eu
name=$1 folder=$2 layers=$3 archive=$4 netns=$5
shift 5

for group; do
  mkdir -p "$group"
  echo $$ >"$group/cgroup.procs"
done

cd "$folder"
# A volatile layer refuses a second mount after a power cut, until this mark is gone.
rm -rf work/work/incompat
mount -t overlay "hostwright-$name" -o "lowerdir=$layers,upperdir=upper,workdir=work,volatile" merged
mount --rbind merged merged
mount --bind "$archive" merged/srv/apt
cd merged

nsenter --net="/run/netns/$netns" unshare --pid --fork --kill-child --mount --uts --ipc bash -euc '
  hostname "$1"
  mount -t proc proc proc
  mount -t tmpfs -o mode=0755 run run
  mount -t tmpfs -o mode=0755 dev dev
  mkdir dev/pts dev/shm run/sshd run/lock
  chmod 1777 dev/shm run/lock
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
  for device in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 0666 "dev/${device%:*}" c 1 "${device#*:}"
  done
  mknod -m 0666 dev/tty c 5 0
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  ln -s /proc/self/fd/0 dev/stdin
  ln -s /proc/self/fd/1 dev/stdout
  ln -s /proc/self/fd/2 dev/stderr
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /usr/sbin/sshd -D -e' - "$name" &
echo $! >"$folder/parent.pid"
status=0
wait $! || status=$?
ip -n "$netns" link set eth0 down || true
exit "$status"
