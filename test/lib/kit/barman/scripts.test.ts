import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Script } from '../../../../lib/quote.ts'
import { catalogueScript, parseCatalogue } from '../../../../lib/kit/barman/catalogue.ts'
import { isRestored, lookScript, parseLook, recoverCommand } from '../../../../lib/kit/barman/restore.ts'
import { archiveScript, configValue } from '../../../../lib/kit/barman/switch.ts'
import { confLines, rowsAsJson, trialScript } from '../../../../lib/kit/barman/trial.ts'

const shells = [['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([shell = '']) => spawnSync(shell, ['-c', ':']).status === 0,
)

/** Runs a script with these programs in front of the real ones. */
function run(script: Script | string, folder: string, tools: Readonly<Record<string, string>> = {}, shell = ['sh']) {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, body] of Object.entries(tools)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const [program = 'sh', ...args] = shell
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, LOG: join(folder, 'log') }
  const done = spawnSync(program, [...args, '-c', String(script)], {
    env,
    encoding: 'utf8',
    input: 'SELECT 1',
    timeout: 30_000,
  })
  return { status: done.status, stdout: done.stdout, stderr: done.stderr }
}

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'barman-'))
  try {
    use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const place = (folder: string) => ({ name: 'pg1', barman_user: 'barman', barman_home: folder })

test('a value is found in the right section, quoted or not', () =>
  inFolder((folder) => {
    const conf = join(folder, 'pg.conf')
    writeFileSync(
      conf,
      '[barman]\nconninfo = wrong\n;[pg1]\n[pg10]\nconninfo = wrong\n[pg1]\n;conninfo = wrong\n conninfo= "host=a user=b"  \nslot_name : barman\n',
    )
    for (const [option, value] of [
      ['conninfo', 'host=a user=b'],
      ['slot_name', 'barman'],
      ['archiver', ''],
    ] as const) {
      const script = String(configValue('pg1', option)).replace('/etc/barman.conf /etc/barman.d/*.conf', conf)
      for (const shell of shells)
        assert.is(run(script, folder, {}, shell).stdout.trim(), value, `${shell.join(' ')}: ${option}`)
    }
  }))

test('backups are found in both places, and one alone when asked', () =>
  inFolder((folder) => {
    mkdirSync(join(folder, 'pg1/base/20261120T080645'), { recursive: true })
    mkdirSync(join(folder, 'pg1/meta'))
    writeFileSync(join(folder, 'pg1/base/20261120T080645/backup.info'), 'status=DONE\n')
    writeFileSync(join(folder, 'pg1/meta/20261120T081558-backup.info'), 'status=FAILED\n')
    const ids = (script: Script) => parseCatalogue(run(script, folder).stdout).backups.map(({ backup_id }) => backup_id)
    assert.equal(ids(catalogueScript(place(folder))), ['20261120T080645', '20261120T081558'])
    assert.equal(ids(catalogueScript(place(folder), '20261120T081558')), ['20261120T081558'])
    assert.equal(ids(catalogueScript({ ...place(folder), name: 'other' })), [])
  }))

test('while barman waits for WAL the server is nudged, and barman’s status and words come through', () =>
  inFolder((folder) => {
    const script = String(archiveScript(place(folder), 20, true)).replaceAll(
      '/etc/barman.conf /etc/barman.d/*.conf',
      join(folder, 'conf'),
    )
    writeFileSync(join(folder, 'conf'), '[pg1]\nconninfo = host=a\nstreaming_archiver = on\n')
    const tools = {
      // receive-wal starts late; switch-wal waits until somebody has written.
      barman: `echo "$*" >>"$LOG"
case "$*" in
*cron) (sleep 1; mkdir -p ${folder}/pg1/streaming; : >${folder}/pg1/streaming/0001.partial) >/dev/null 2>&1 & ;;
*) until grep -q nudged "$LOG"; do sleep 0.1; done; echo archived; echo 'ERROR: but' >&2; exit 7 ;;
esac`,
      psql: `case "$*" in *host=a*txid_current*) [ -e ${folder}/pg1/streaming/0001.partial ] && echo nudged >>"$LOG" ;; esac`,
    }
    for (const shell of shells) {
      rmSync(join(folder, 'log'), { force: true })
      rmSync(join(folder, 'pg1'), { recursive: true, force: true })
      const { status, stdout, stderr } = run(script, folder, tools, shell)
      assert.is(status, 7, shell.join(' '))
      assert.is(stdout, 'archived\n')
      assert.is(stderr, 'ERROR: but\n')
      assert.match(readFileSync(join(folder, 'log'), 'utf8'), 'switch-wal --force --archive --archive-timeout 20 pg1')
    }
  }))

test('what lies at a place of restoration is told', () =>
  inFolder((folder) => {
    const look = (path: string, remote?: string) =>
      parseLook(run(lookScript(path, remote), folder, { away: 'shift; sh -c "$1"' }).stdout)
    assert.equal(look(join(folder, 'none')), { kind: 'absent', names: [], note: '' })
    mkdirSync(join(folder, "a'b"))
    assert.equal(look(join(folder, "a'b")), { kind: 'directory', names: [], note: '' })
    writeFileSync(join(folder, "a'b", '.barman-recover.info'), 'server_name=pg1\nbegin_time=2026\n')
    for (const remote of [undefined, 'away host'])
      assert.equal(look(join(folder, "a'b"), remote), {
        kind: 'directory',
        names: ['.barman-recover.info'],
        note: 'server_name=pg1\nbegin_time=2026\n',
      })
    assert.is(look(join(folder, 'log')).kind, 'absent')
    writeFileSync(join(folder, 'file'), '')
    assert.is(look(join(folder, 'file')).kind, 'file')
  }))

test('a restored place is known by barman’s own note', () => {
  const note = 'server_name=pg1\nbegin_time=2026-11-20 08:06:45+00:00\n'
  const backup = parseCatalogue(`1\n\u001e/x/20261120T080645-backup.info\nbegin_time=2026-11-20 08:06:45+00:00\n`)
    .backups[0]
  assert.ok(isRestored(note, 'pg1', backup))
  assert.ok(isRestored(note, 'pg1', undefined))
  assert.not(isRestored(note, 'pg2', undefined))
  assert.not(isRestored('', 'pg1', undefined))
  assert.not(isRestored(note.replace('45', '46'), 'pg1', backup))
})

test('options of recover become words of their own', () =>
  assert.is(
    String(
      recoverCommand('pg1', '20261120T080645', '/srv/new data', {
        target_time: '2026-11-20 08:11:00+00',
        standby_mode: true,
        tablespaces: { tbs: '/srv/t' },
      }),
    ),
    "barman recover --target-time '2026-11-20 08:11:00+00' --standby-mode --tablespace tbs:/srv/t pg1 20261120T080645 '/srv/new data' </dev/null",
  ))

const trial = (folder: string) => ({
  ...{ name: 'pg1', backup_id: 'ID', parent: folder, bin: join(folder, 'bin'), role: 'postgres', database: 'db' },
  ...{ tablespaces: ['tbs'], settings: { work_mem: '1MB' }, seconds: 20 },
})
const tools = {
  barman: 'echo "$*" >>"$LOG"; for last; do :; done; mkdir "$last"; echo copying',
  pg_ctl: 'case "$*" in *start*) : >"$2/../log"; echo pid >"$2/postmaster.pid" ;; *) echo stopped >>"$LOG" ;; esac',
  psql: `cat >/dev/null; case "$*" in *run*) echo '[{"n":1}]' ;; esac`,
}

test('a trial restore gives the rows alone, stops the server and leaves nothing', () =>
  inFolder((folder) => {
    for (const shell of shells) {
      const { status, stdout, stderr } = run(trialScript(trial(folder)), folder, tools, shell)
      assert.is(status, 0, stderr)
      assert.is(stdout, '[{"n":1}]\n')
      assert.match(
        readFileSync(join(folder, 'log'), 'utf8'),
        /--no-get-wal --tablespace tbs:\S+\/space-tbs pg1 ID \S+\/data\nstopped/,
      )
      assert.equal(
        readdirSync(folder).filter((name) => name.startsWith('verify-')),
        [],
      )
    }
  }))

for (const [step, status, broken] of [
  ['restored', 3, { ...tools, barman: 'exit 1' }],
  ['started', 4, { ...tools, pg_ctl: 'case "$*" in *start*) echo no >"$2/../log"; exit 1 ;; esac' }],
  ['asked', 5, { ...tools, psql: 'exit 3' }],
] as const)
  test(`a trial that cannot be ${step} leaves nothing either`, () =>
    inFolder((folder) => {
      assert.is(run(trialScript(trial(folder)), folder, broken).status, status)
      assert.equal(
        readdirSync(folder).filter((name) => name.startsWith('verify-')),
        [],
      )
      assert.ok(existsSync(folder))
    }))

test('a trial server is quiet, and takes what settings are given', () => {
  const lines = confLines({ work_mem: "it's", port: 5433 })
  for (const line of [
    "listen_addresses = ''",
    "max_logical_replication_workers = '0'",
    "work_mem = 'it''s'",
    "port = '5433'",
  ])
    assert.ok(lines.includes(line), line)
})

test('a question is wrapped without its semicolons and comments', () =>
  assert.is(
    rowsAsJson(' SELECT 1 AS n -- one\n;; '),
    `SELECT coalesce(json_agg(row_to_json(q)), '[]'::json) FROM (\nSELECT 1 AS n -- one\n) AS q;\n`,
  ))

test.run()
