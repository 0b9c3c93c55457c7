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
Environment=DAEMON_OPTS=
ExecStart=
ExecStart=!/usr/sbin/chronyd -F 1 -x
UNIT

# A host that is thrown away need not wait for the disk while packages are unpacked.
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/lab
rm -rf /etc/apt/sources.list.d/* /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log
echo 'deb [trusted=yes] file:/srv/apt ./' >/etc/apt/sources.list
mkdir -p /srv/apt /var/log/apt
