import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Table } from './entry.ts'

/** The texts of a `backup.info`, as barman writes it. */
const backup = `backup_id=None
begin_time=2026-11-20 08:05:05+00:00
end_time=2026-11-20 08:05:07+00:00
status=DONE
size=100
tablespaces=None
`
const id = '20261120T080505'

/** barman's home with one backup of pg1. */
function barmanHome(folder: string): void {
  for (const home of ['home', 'other']) {
    const base = join(folder, home, 'pg1/base', id)
    mkdirSync(base, { recursive: true })
    writeFileSync(join(base, 'backup.info'), backup)
  }
  mkdirSync(join(folder, 'bin'))
  for (const name of ['postgres', 'pg_ctl', 'psql'])
    writeFileSync(join(folder, 'bin', name), '#!/bin/sh\n', { mode: 0o755 })
  chmodSync(folder, 0o755)
}
const barman = (folder: string) => ({ name: 'pg1', barman_user: 'nobody', barman_home: join(folder, 'home') })
const placed = (folder: string) => ({ backup_directory: { backup_directory: join(folder, 'other/pg1') } })

/** A script is told how many lines of its input belong to a variable. */
const lineCount = (text: string) => [text, String(text.split('\n').length)]

/** Modules that run programs: a value reaches a program as one argument, and never as an option or as shell. */
export const programs: Table = {
  command: {
    good: () => [{ argv: ['hwuname', 'hwone', 'hwtwo'], expand_argument_vars: false, creates: '/hw/none' }],
    also: (folder) => ({
      chdir: { chdir: folder },
      removes: { removes: join(folder, '*') },
      stdin: { stdin: 'hwstdin' },
      environment: { environment: { HWNAME: 'hwvalue' } },
    }),
    becomes: { environment: lineCount },
    code: { cmd: 'a command line: quotes and blanks part its words' },
    prepare: (folder) => mkdirSync(join(folder, 'there')),
  },
  shell: {
    good: () => [{ cmd: 'echo hwready', creates: '/hw/none' }],
    also: (folder) => ({
      executable: { executable: '/bin/hwsh' },
      chdir: { chdir: folder },
      removes: { removes: join(folder, '*') },
      stdin: { stdin: 'hwstdin' },
      environment: { environment: { HWNAME: 'hwvalue' } },
    }),
    becomes: { environment: lineCount },
    code: { cmd: 'shell, and nothing else' },
    prepare: (folder) => mkdirSync(join(folder, 'there')),
  },
  group: { good: () => [{ name: 'hwgroup' }, { name: 'users', state: 'absent' }] },
  hostname: { good: () => [{ name: 'hwname' }] },
  user: {
    good: () => [{ name: 'hwuser', comment: 'hwcomment', shell: '/bin/hwsh', groups: ['adm'] }],
    also: () => ({
      group: { group: 'users' },
      home: { home: '/home/hwhome' },
      skeleton: { skeleton: '/etc/hwskel' },
      password: { password: '$6$hwsalt$hwhash' },
    }),
  },
  pkg: {
    good: () => [
      { name: ['postgresql-client-common', 'hostname'], state: 'absent' },
      { name: ['hostname'], state: 'absent' },
      { name: 'postgresql-client-common', state: 'absent' },
    ],
    also: () => ({
      dpkg_options: { dpkg_options: ['force-hwoption'] },
    }),
    becomes: { name: (text) => [text, text.replace(/[:=].*/, ''), text.replace(/=.*/, '')] },
    code: {
      default_release: 'one word of the commands that packages.test.ts tries: apt takes seconds to say what it offers',
    },
  },
  service: { good: () => [{ name: 'hwservice', state: 'started' }] },
  systemd: { good: () => [{ name: 'hwservice', state: 'started' }] },
  ping: { good: () => [{ data: 'hwpong' }] },
  setup: { good: () => [{ filter: ['ansible_hw*'], gather_subset: ['hwall'] }] },
  stat: { good: (folder) => [{ path: join(folder, 'hwfile') }] },
  slurp: { good: () => [{ src: '/etc/hostname' }] },
  assert: {
    good: () => [{ that: { 'hw holds': true } }],
    also: () => ({ fail_msg: { fail_msg: 'hwfail' }, success_msg: { success_msg: 'hwsuccess' } }),
  },
  debug: { good: () => [{ msg: 'hwmsg' }], also: () => ({ var: { var: 'hwvar' } }) },
  fail: { good: () => [{ msg: 'hwmsg' }] },
  wait_for: {
    good: (folder) => [
      { host: '127.0.0.1', port: 1, timeout: 0, connect_timeout: 1, state: 'stopped' },
      { path: join(folder, 'hwnone'), state: 'absent', timeout: 0 },
    ],
    also: () => ({
      search_regex: { search_regex: 'hwregex' },
      exclude_hosts: { state: 'drained', exclude_hosts: ['192.0.2.7'] },
      msg: { msg: 'hwmsg' },
    }),
    code: { search_regex: 'a regular expression' },
  },
  barman_check: {
    good: (folder) => [barman(folder)].map(({ name, barman_user }) => ({ name, barman_user })),
    prepare: barmanHome,
  },
  barman_status: {
    good: (folder) => [barman(folder)].map(({ name, barman_user }) => ({ name, barman_user })),
    prepare: barmanHome,
  },
  barman_list_backups: { good: (folder) => [barman(folder)], also: placed, prepare: barmanHome },
  barman_switch_wal: { good: (folder) => [{ ...barman(folder), force: true }], also: placed, prepare: barmanHome },
  barman_backup: {
    good: (folder) => [{ ...barman(folder), max_age: '1d' }],
    also: placed,
    prepare: barmanHome,
  },
  barman_recover: {
    good: (folder) => [{ ...barman(folder), path: join(folder, 'hwrestored') }],
    also: (folder) => ({
      ...placed(folder),
      backup_id: { backup_id: id },
      target_time: { target_time: '2026-11-20 08:11:00+00' },
      target_xid: { target_xid: '4711' },
      target_lsn: { target_lsn: '0/4711' },
      target_name: { target_name: 'hwname' },
      target_tli: { target_tli: '4711' },
      tablespaces: { tablespaces: { hwspace: '/hw/place' } },
      remote_ssh_command: { remote_ssh_command: 'hwssh' },
      recovery_staging_path: { recovery_staging_path: '/hw/staging' },
    }),
    code: { remote_ssh_command: 'a command line, which barman hands to a shell' },
    prepare: barmanHome,
  },
  barman_verify_restore: {
    good: (folder) => [{ ...barman(folder), version: '17', bin_dir: join(folder, 'bin') }],
    also: (folder) => ({
      ...placed(folder),
      backup_id: { backup_id: id },
      database: { database: 'hwdatabase' },
      role: { role: 'hwrole' },
      settings: { settings: { hwsetting: 'hwvalue' } },
    }),
    code: { query: 'a query in SQL' },
    prepare: barmanHome,
  },
}
