# Runs inside a new base system (chroot), once. Users and passwords come in the environment.
set -eu
export LC_ALL=C.UTF-8

# Keys, names and machine ids belong to one host each; the lab puts them into its layer.
rm -f /etc/ssh/ssh_host_* /etc/hostname /var/lib/dbus/machine-id
: >/etc/machine-id
: >/etc/resolv.conf
echo 'LANG=C.UTF-8' >/etc/default/locale
# Nothing may wait for a name server that cannot be reached.
sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf

groupadd --gid "$ADMIN_UID" "$ADMIN"
useradd --uid "$ADMIN_UID" --gid "$ADMIN" --create-home --shell /bin/bash --groups sudo "$ADMIN"
# Debian has a group of this name, without a user.
useradd --uid "$OPERATOR_UID" --gid operator --create-home --shell /bin/bash --groups sudo "$OPERATOR"
printf '%s:%s\n' "$OPERATOR" "$OPERATOR_PASSWORD" | chpasswd
printf '%s ALL=(ALL:ALL) NOPASSWD: ALL\n' "$ADMIN" >/etc/sudoers.d/90-lab
chmod 0440 /etc/sudoers.d/90-lab
for user in "$ADMIN" "$OPERATOR"; do
  install -d -m 0700 -o "$user" -g "$(id -gn "$user")" "/home/$user/.ssh"
done

# No hardware here, and nothing may hold dpkg's lock behind a user's back.
systemctl --quiet mask apt-daily.timer apt-daily.service apt-daily-upgrade.timer apt-daily-upgrade.service \
  fstrim.timer e2scrub_all.timer e2scrub_reap.service getty.target console-getty.service \
  systemd-networkd-wait-online.service systemd-timesyncd.service systemd-resolved.service
systemctl --quiet enable ssh.service

# The journal stays over reboots, and stays small.
mkdir -p /var/log/journal /etc/systemd/journald.conf.d
printf '[Journal]\nStorage=persistent\nSystemMaxUse=64M\n' >/etc/systemd/journald.conf.d/lab.conf

# The clock is the machine's: chrony may run and answer, but not set it.
mkdir -p /etc/systemd/system/chrony.service.d
cat >/etc/systemd/system/chrony.service.d/lab.conf <<'UNIT'
[Unit]
ConditionCapability=
[Service]
ExecStart=
ExecStart=!/usr/sbin/chronyd $DAEMON_OPTS -x
UNIT

# These knobs are the machine's own and cannot be turned from inside: each host gets copies that turn nothing.
cat >/usr/local/sbin/lab-knobs <<'SCRIPT'
#!/bin/sh
mkdir -p /run/lab-knobs
for knob in vm/swappiness vm/overcommit_memory vm/overcommit_ratio vm/nr_hugepages vm/max_map_count vm/zone_reclaim_mode \
  vm/dirty_ratio vm/dirty_bytes vm/dirty_background_ratio vm/dirty_background_bytes vm/min_free_kbytes \
  kernel/shmmax kernel/shmall kernel/shmmni kernel/sem kernel/msgmax kernel/pid_max kernel/sched_autogroup_enabled \
  fs/file-max fs/nr_open fs/aio-max-nr; do
  [ -e "/proc/sys/$knob" ] || continue
  copy=/run/lab-knobs/$(echo "$knob" | tr / .)
  cat "/proc/sys/$knob" >"$copy"
  mount --bind "$copy" "/proc/sys/$knob"
done
SCRIPT
chmod 0755 /usr/local/sbin/lab-knobs
cat >/etc/systemd/system/lab-knobs.service <<'UNIT'
[Unit]
Description=Private copies of kernel parameters
DefaultDependencies=no
Before=systemd-sysctl.service sysinit.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/lab-knobs
[Install]
WantedBy=sysinit.target
UNIT
systemctl --quiet enable lab-knobs.service

# A host that is thrown away need not wait for the disk while packages are unpacked.
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/lab
rm -rf /etc/apt/sources.list.d/* /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log
echo 'deb [trusted=yes] file:/srv/apt ./' >/etc/apt/sources.list
mkdir -p /srv/apt /var/log/apt
