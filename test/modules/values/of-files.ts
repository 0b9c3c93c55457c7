import { mkdirSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { withoutBlanks } from '../../../lib/kit/ssh/authorized-keys-edit.ts'
import type { Table } from './entry.ts'

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd'
const command = 'a command, which the host runs with the new file'
const pattern = 'a regular expression'

const attributes = { owner: { owner: 'root' }, group: { group: 'root' }, mode: { mode: '0640' } }
const lines = (folder: string) => writeFileSync(join(folder, 'hwlines'), 'first\nhwold\nlast\n')

/** Data of a record is words and quoted strings, in which a backslash takes the next letter as it is. */
const zoneWords = (text: string) =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)/gs)]
    .map(([, quoted, bare]) => (quoted ?? bare ?? '').replace(/\\(.)/gs, '$1'))
    .join(' ')

/** Modules that write files, each with what reads them back. */
export const files: Table = {
  file: {
    good: (folder) => [
      { path: join(folder, 'hwfolder'), state: 'directory' },
      { path: join(folder, 'hwlink'), src: '/usr/share', state: 'link' },
      { path: join(folder, 'hwmark'), state: 'touch' },
    ],
    also: () => attributes,
  },
  copy: {
    good: (folder) => [
      { content: 'hwcontent', dest: join(folder, 'hwfile') },
      { src: '/etc/hostname', dest: join(folder, 'hwcopy'), remote_src: true },
    ],
    also: () => ({ ...attributes, directory_mode: { directory_mode: '0750' }, checksum: { checksum: 'hwsum' } }),
    code: { validate: command },
  },
  template: {
    good: (folder) => [{ src: join(folder, 'hw.ejs'), dest: join(folder, 'hwfile'), vars: { hwname: 'hwvalue' } }],
    also: () => attributes,
    code: { validate: command },
    prepare: (folder) => writeFileSync(join(folder, 'hw.ejs'), '<%= hwname %>\n'),
  },
  lineinfile: {
    good: (folder) => [{ path: join(folder, 'hwlines'), line: 'hwline' }],
    also: () => attributes,
    code: {
      search_string: 'text to look for: the line that holds it is the one to change',
      validate: command,
      regexp: pattern,
      insertafter: pattern,
      insertbefore: pattern,
    },
    // The newline that ends a line belongs to the file.
    becomes: { line: (text) => [text.replace(/\r?\n$/, '')] },
    prepare: lines,
    reads: { hwlines: 'lines' },
  },
  blockinfile: {
    good: (folder) => [{ path: join(folder, 'hwlines'), block: 'hwblock\n' }],
    also: () => ({
      ...attributes,
      marker: { marker: '# {mark} hwmarker' },
      marker_begin: { marker_begin: 'HWBEGIN' },
      marker_end: { marker_end: 'HWEND' },
    }),
    code: {
      validate: command,
      insertafter: pattern,
      insertbefore: pattern,
      block:
        'lines of a file, as many as it has; test/modules/editing.test.ts and test/playbooks/hostile.test.ts hold it',
    },
    prepare: lines,
    becomes: { marker: (text) => [text.replace('{mark}', 'BEGIN'), text.replace('{mark}', 'END')] },
    reads: { hwlines: 'lines' },
  },
  replace: {
    good: (folder) => [{ path: join(folder, 'hwlines'), regexp: 'hwold', replace: 'hwnew' }],
    also: () => attributes,
    code: {
      ...{ validate: command, regexp: pattern, after: pattern, before: pattern },
      replace: 'a text in which a backslash stands for a group, as in Ansible; newlines are part of it',
    },
    prepare: lines,
    reads: { hwlines: 'lines' },
  },
  cron: {
    good: (folder) => [
      { name: 'hwname', job: 'hwjob', user: 'hwuser', cron_file: join(folder, 'hwcron') },
      { name: 'hwname', job: 'hwjob' },
    ],
    also: (folder) => ({
      minute: { minute: '7' },
      hour: { hour: '7' },
      day: { day: '7' },
      month: { month: '7' },
      weekday: { weekday: '7' },
      insertafter: { env: true, name: 'HWNAME', insertafter: 'HWFIRST', cron_file: join(folder, 'hwenv') },
      insertbefore: { env: true, name: 'HWNAME', insertbefore: 'HWFIRST', cron_file: join(folder, 'hwenv') },
    }),
    prepare: (folder) => writeFileSync(join(folder, 'hwenv'), 'HWFIRST="1"\n'),
    becomes: {
      // The newlines that YAML's block texts bring are no part of a job.
      job: (text) => [text.replace(/^[\r\n]+|[\r\n]+$/g, '')],
      cron_file: (text) => [text.startsWith('/') ? text : `/etc/cron.d/${text}`],
    },
    reads: { hwcron: 'cron file', hwenv: 'lines', '<input>': 'lines' },
  },
  barman_cron: {
    good: (folder) => [{ barman_user: 'hwbarman', directory: join(folder, 'cron.d') }],
    prepare: (folder) => mkdirSync(join(folder, 'cron.d')),
    reads: { barman: 'cron file' },
  },
  authorized_key: {
    good: (folder) => [
      {
        ...{ user: 'root', key: `ssh-ed25519 ${key} hwcomment`, key_options: 'restrict' },
        path: join(folder, 'none/hwauthorized'),
      },
      { user: 'root', key: `ssh-ed25519 ${key} hwcomment`, path: join(folder, 'none/hwauthorized') },
    ],
    also: () => ({ comment: { comment: 'hwother' } }),
    becomes: {
      path: (text) => [text, posix.dirname(text)],
      key: (text) => [text, withoutBlanks(text).split(' ').slice(2).join(' ')],
    },
    reads: { hwauthorized: 'authorized_keys' },
  },
  known_hosts: {
    good: (folder) => [{ name: 'hwhost', key: `hwhost ssh-ed25519 ${key}`, path: join(folder, 'none/hwknown') }],
    becomes: { path: (text) => [text, posix.dirname(text)] },
    reads: { hwknown: 'lines' },
  },
  ssh_keypair: {
    good: (folder) => [
      { path: join(folder, 'none/hwkey'), comment: 'hwcomment' },
      { path: join(folder, 'none/hwkey') },
    ],
    also: () => attributes,
    becomes: { path: (text) => [text, posix.dirname(text), posix.basename(text)] },
    reads: { 'hwkey.pub': 'lines' },
  },
  barman_server: {
    good: (folder) => [
      {
        name: 'hwserver',
        conninfo: 'host=pg1 user=barman dbname=postgres',
        streaming_conninfo: 'host=pg1 user=streaming_barman',
        streaming_archiver: true,
        slot_name: 'hwslot',
        directory: join(folder, 'barman.d'),
      },
    ],
    also: () => ({
      barman_user: { barman_user: 'hwbarman' },
      description: { description: 'hwdescription' },
      ssh_command: { ssh_command: 'ssh hwhost' },
      backup_options: { backup_options: 'concurrent_backup' },
      path_prefix: { path_prefix: '/hw/bin' },
      compression: { compression: 'gzip' },
      retention_policy: { retention_policy: 'REDUNDANCY 7' },
      last_backup_maximum_age: { last_backup_maximum_age: '7 DAYS' },
      backup_directory: { backup_directory: '/hw/backup' },
      options: { options: { post_backup_script: 'hwscript' } },
    }),
    prepare: (folder) => mkdirSync(join(folder, 'barman.d')),
    reads: { 'hwserver.conf': 'barman' },
  },
  bind_zone: {
    good: (folder) => [
      {
        name: 'hwzone.internal',
        path: join(folder, 'hwzone'),
        name_server: 'ns.hwzone.internal.',
        contact: 'hwmaster',
        records: [
          { name: 'ns', type: 'A', value: '10.0.0.1' },
          { name: 'hwname', type: 'TXT', value: 'hwvalue' },
        ],
        owner: 'root',
        group: 'root',
      },
    ],
    becomes: { name: (text) => [text.replace(/\.$/, '')], records: (text) => [text, zoneWords(text)] },
    reads: { hwzone: 'zone' },
  },
}
