# Runs inside the root of a new box (chroot), once: what Vagrant expects of every box. Its public key comes on standard input.
set -eu
useradd --create-home --shell /bin/bash vagrant
install -d -m 0700 -o vagrant -g vagrant /home/vagrant/.ssh
cat >/home/vagrant/.ssh/authorized_keys
chown vagrant: /home/vagrant/.ssh/authorized_keys
chmod 0600 /home/vagrant/.ssh/authorized_keys
printf 'vagrant ALL=(ALL:ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/vagrant
chmod 0440 /etc/sudoers.d/vagrant

# Vagrant gives the machine its name by restarting the network; the container's address is LXC's own.
systemctl --quiet enable systemd-networkd.service
# Every machine makes its own keys.
cat >/etc/systemd/system/ssh-keys.service <<'UNIT'
[Unit]
Description=Host keys of a new machine
Before=ssh.service
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A
[Install]
WantedBy=multi-user.target
UNIT
systemctl --quiet enable ssh-keys.service
systemctl --quiet disable lab-knobs.service
