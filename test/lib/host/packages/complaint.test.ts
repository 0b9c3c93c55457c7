import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { aptError } from '../../../../lib/host/packages/complaint.ts'

/** What apt and dpkg wrote on Debian 13, and what a user must read of it. */
const cases: readonly { says: string; message: RegExp; next: RegExp; without?: RegExp }[] = [
  {
    says: `Reading package lists...
Building dependency tree...
E: Unable to locate package nosuch`,
    message: /no package "nosuch"/,
    next: /add the repository/,
    without: /Reading package lists/,
  },
  {
    says: `Package bash is not available, but is referred to by another package.
E: Version '9' for 'bash' was not found`,
    message: /no version 9 of bash/,
    next: /apt-cache policy/,
  },
  {
    says: `The following held packages will be changed:
  tree
0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.
E: Held packages were changed and -y was used without --allow-change-held-packages.`,
    message: /held at its version/,
    next: /allow_change_held_packages/,
  },
  {
    says: `E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)
E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?`,
    message: /only root/,
    next: /become: true/,
  },
  {
    says: `Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (unattended-upgr)...
E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (unattended-upgr)
E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?`,
    message: /another process holds the package system: unattended-upgr 1234/,
    next: /wait for it/,
  },
  {
    says: 'dpkg: error: dpkg frontend lock was locked by another process with pid 77\nNote: removing the lock file is always wrong',
    message: /another process holds the package system: process 77/,
    next: /wait for it/,
  },
  {
    says: `Unpacking jq (1.7.1-6) ...
dpkg: error processing archive /var/cache/apt/archives/jq_1.7.1-6_amd64.deb (--unpack):
 cannot copy extracted data for './usr/bin/jq' to '/usr/bin/jq.dpkg-new': failed to write (No space left on device)
E: Sub-process /usr/bin/dpkg returned an error code (1)`,
    message: /the disk is full/,
    next: /make room/,
  },
  {
    says: "E: You don't have enough free space in /var/cache/apt/archives/.",
    message: /not enough space in \/var\/cache\/apt\/archives/,
    next: /make room/,
  },
  {
    says: `Setting up badpkg (1) ...
no luck
dpkg: error processing package badpkg (--configure):
 installed badpkg package post-installation script subprocess returned error exit status 7
Errors were encountered while processing:
 badpkg
E: Sub-process /usr/bin/dpkg returned an error code (1)`,
    message: /dpkg could not finish badpkg\nno luck\n[^]*exit status 7/,
    next: /repairs/,
  },
  {
    says: `Err:4 http://10.77.0.1/x y InRelease
  Could not connect to 10.77.0.1:80 (10.77.0.1). - connect (111: Connection refused)
E: Failed to fetch http://10.77.0.1/x/dists/y/InRelease  Unable to connect to 10.77.0.1:http:`,
    message: /cannot be fetched[^]*Connection refused/,
    next: /check its address/,
  },
  {
    says: `The following packages have unmet dependencies:
 foo : Depends: bar (>= 2) but it is not installable
E: Unable to correct problems, you have held broken packages.`,
    message: /cannot be installed together|held/,
    next: /./,
  },
  { says: 'something else went wrong', message: /status 100[^]*something else/, next: /above/ },
]

for (const { says, message, next, without } of cases)
  test(`a user is told: ${message.source}`, () => {
    const error = aptError('install x', 100, says)
    assert.match(error.message, message)
    assert.match(error.next ?? '', next)
    if (without !== undefined) assert.not.match(error.message, without)
  })

test.run()
