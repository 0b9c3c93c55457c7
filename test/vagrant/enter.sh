# Runs a command with LXC's containers and settings in folders of their own: enter.sh LXC-FOLDER COMMAND…
# LXC needs the namespace's own /sys, which hides the cgroups, which are put back.
set -eu
folder=$1
shift
mount --bind "$folder/containers" /var/lib/lxc
mount --bind "$folder/default.conf" /etc/lxc/default.conf
mount --rbind /sys/fs/cgroup "$folder/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$folder/cgroup" /sys/fs/cgroup
umount -l "$folder/cgroup"
exec "$@"
