import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { secondsIn, showAge } from '../../../../lib/kit/barman/age.ts'
import { backupWork, newestDone, type BackupWish } from '../../../../lib/kit/barman/backup-plan.ts'
import { endOf, parseCatalogue } from '../../../../lib/kit/barman/catalogue.ts'
import { adviceFor, inTheWay, mayPass, parseCheck, showFailed } from '../../../../lib/kit/barman/check-lines.ts'
import { complaintOf } from '../../../../lib/kit/barman/command.ts'
import { parseStatus } from '../../../../lib/kit/barman/status-lines.ts'
import { closedWal, needsSuperuser, notReceived } from '../../../../lib/kit/barman/switch.ts'
import { startedBackup } from '../../../../lib/kit/barman/take.ts'

/** barman 3.13.3 and 3.4.0 print the same: a new server, no WAL yet, receive-wal not started. */
const fresh = `Server pg1:
	WAL archive: FAILED (please make sure WAL shipping is setup)
	PostgreSQL: OK
	superuser or standard user with backup privileges: OK
	PostgreSQL streaming: OK
	wal_level: OK
	replication slot: FAILED (replication slot 'barman' doesn't exist. Please execute 'barman receive-wal --create-slot pg1')
	directories: OK
	retention policy settings: OK
	backup maximum age: OK (no last_backup_maximum_age provided)
	backup minimum size: OK (0 B)
	wal maximum age: OK (no last_wal_maximum_age provided)
	wal size: OK (0 B)
	compression settings: OK
	failed backups: OK (there are 0 failed backups)
	minimum redundancy requirements: OK (have 0 backups, expected at least 0)
	pg_basebackup: OK
	pg_basebackup compatible: OK
	pg_basebackup supports tablespaces mapping: OK
	systemid coherence: OK (no system Id stored on disk)
	pg_receivexlog: OK
	pg_receivexlog compatible: OK
	receive-wal running: FAILED (See the Barman log file for more details)
	archiver errors: OK
`

test('barman check is read line by line, under barman’s own names', () => {
  const found = parseCheck(fresh)
  assert.equal(found.failed, ['WAL archive', 'replication slot', 'receive-wal running'])
  assert.is(Object.keys(found.checks).length, 23)
  assert.equal(found.checks['wal_level'], { status: 'OK', hint: '' })
  assert.equal(found.checks['failed backups'], { status: 'OK', hint: 'there are 0 failed backups' })
  assert.is(found.report[0], 'Server pg1:')
  assert.match(showFailed(found), /^WAL archive \(please make sure WAL shipping is setup\); replication slot \(/)
})

const waits: readonly (readonly [string, readonly string[], boolean])[] = [
  ['a fresh server comes right by itself', ['WAL archive', 'replication slot', 'receive-wal running'], true],
  ['nothing can be told while the server is away', ['PostgreSQL', 'directories', 'pg_basebackup compatible'], true],
  ['failed backups stay', ['failed backups'], false],
  ['one line that stays is enough', ['receive-wal running', 'failed backups'], false],
  ['missing privileges stay', ['superuser or standard user with backup privileges'], false],
]
for (const [what, failed, expected] of waits) test(`waiting: ${what}`, () => assert.is(mayPass(failed), expected))

test('only lines that concern new backups are in the way of one', () =>
  assert.equal(inTheWay(['failed backups', 'receive-wal running', 'minimum redundancy requirements']), [
    'receive-wal running',
  ]))

test('the advice is that of the deepest cause', () => {
  assert.match(adviceFor(['receive-wal running', 'PostgreSQL']), 'pg_hba.conf')
  assert.match(adviceFor(['something new']), 'barman.log')
})

const info12 = `backup_label='START WAL LOCATION: 0/6000028 (file 000000010000000000000006)\\nCHECKPOINT LOCATION: 0/6000060\\nBACKUP METHOD: streamed\\n'
begin_offset=40
begin_time=2026-11-20 08:06:45.576690+00:00
begin_wal=000000010000000000000006
begin_xlog=0/6000028
compression=None
copy_stats={'copy_time': 0.344193, 'total_time': 0.344193}
end_time=2026-11-20 08:06:45.933583+00:00
end_wal=000000010000000000000006
error=None
included_files=['/var/lib/postgresql/15/main/postgresql.auto.conf']
mode=postgres
server_name=pg1
size=23421345
status=DONE
tablespaces=None
timeline=1
version=150020
`
const info13 = `begin_time=2026-11-20 08:15:58.591911+00:00
begin_wal=00000001000000000000001A
children_backup_ids=None
end_time=2026-11-20 08:16:05.741505+00:00
end_wal=00000001000000000000001B
error=None
mode=postgres
server_name=pg1
size=23716578
status=WAITING_FOR_WALS
tablespaces=[('tbs', 16396, '/srv/tbs'), ('it\\'s', 16397, '/srv/two')]
timeline=1
version=170012
`
const failed13 = `begin_time=2026-11-20 08:11:44.100000+00:00
end_time=None
error=failure copying files
server_name=pg1
size=None
status=FAILED
tablespaces=None
`
const catalogue = `1795162006
\u001e/var/lib/barman/pg1/base/20261120T080645/backup.info
${info12}\u001e/var/lib/barman/pg1/meta/20261120T081558-backup.info
${info13}\u001e/var/lib/barman/pg1/meta/20261120T081144-backup.info
${failed13}`

test('backups are read from where barman 3.4 and 3.13 keep their notes, oldest first', () => {
  const { now, backups } = parseCatalogue(catalogue)
  assert.is(now, 1795162006)
  assert.equal(
    backups.map(({ backup_id, status, size }) => [backup_id, status, size]),
    [
      ['20261120T080645', 'DONE', 23421345],
      ['20261120T081144', 'FAILED', 0],
      ['20261120T081558', 'WAITING_FOR_WALS', 23716578],
    ],
  )
  assert.equal(backups[2]?.tablespaces, [
    { name: 'tbs', location: '/srv/tbs' },
    { name: "it's", location: '/srv/two' },
  ])
  assert.is(backups[1]?.error, 'failure copying files')
  assert.is(backups[0]?.error, '')
  assert.is(newestDone(backups)?.backup_id, '20261120T080645')
  assert.equal(parseCatalogue('1795162006\n').backups, [])
})

test('times are the host’s, whatever zone they are written in', () => {
  const at = (end_time: string) => endOf({ end_time, begin_time: '' })
  assert.is(at('2026-11-20 08:06:45+00:00'), 1795162005)
  assert.is(at('2026-11-20 11:06:45+03:00'), 1795162005)
  assert.is(at('2026-11-20 08:06:45'), 1795162005)
  assert.is(endOf({ end_time: '', begin_time: '2026-11-20 08:06:45+00:00' }), 1795162005)
})

const { backups } = parseCatalogue(catalogue)
const [done, failed, waiting] = backups
const wish: BackupWish = { maxAge: undefined, force: false, wait: true, removeFailed: true }
const now = 1795162005 + 86_400
const work = (list: readonly (typeof done)[], more: Partial<BackupWish> = {}) => {
  const { take, finish, remove } = backupWork(
    { now, backups: list.filter((backup) => backup !== undefined) },
    { ...wish, ...more },
  )
  return { take, finish, remove: remove.length }
}
const works = [
  ['none: take one', work([]), { take: true, finish: false, remove: 0 }],
  ['a good one of any age counts', work([done]), { take: false, finish: false, remove: 0 }],
  ['one that is too old does not', work([done], { maxAge: 3600 }), { take: true, finish: false, remove: 0 }],
  ['one that is young enough does', work([done], { maxAge: 90_000 }), { take: false, finish: false, remove: 0 }],
  ['force takes one', work([done], { force: true }), { take: true, finish: false, remove: 0 }],
  ['one that waits for WAL is finished', work([done, waiting]), { take: false, finish: true, remove: 0 }],
  ['or left alone', work([waiting], { wait: false }), { take: false, finish: false, remove: 0 }],
  ['a failed one is none', work([failed]), { take: true, finish: false, remove: 1 }],
  ['and is removed beside a good one', work([done, failed]), { take: false, finish: false, remove: 1 }],
  ['unless it is to stay', work([done, failed], { removeFailed: false }), { take: false, finish: false, remove: 0 }],
] as const
for (const [what, actual, expected] of works) test(`backups: ${what}`, () => assert.equal(actual, expected))

test('ages are read and shown as people write them', () => {
  const table = {
    '90s': 90,
    '30m': 1800,
    '12h': 43_200,
    '1d': 86_400,
    '2 w': 1_209_600,
    '1 day': undefined,
    d: undefined,
  }
  for (const [text, seconds] of Object.entries(table)) assert.is(secondsIn(text), seconds, text)
  assert.is(showAge(59), '59 seconds')
  assert.is(showAge(7300), '2 hours')
  assert.is(showAge(3 * 86_400), '3 days')
})

test('what switch-wal and backup say', () => {
  const switched = `The WAL file 000000010000000000000002 has been closed on server 'pg1'
Waiting for the WAL file 000000010000000000000002 from server 'pg1' (max: 20 seconds)
`
  assert.is(closedWal(switched), '000000010000000000000002')
  assert.is(closedWal("No switch performed because server 'pg1' is a standby.\n"), '')
  const said = (stderr: string) => ({ stdout: switched, stderr })
  assert.ok(needsSuperuser(said('ERROR: Barman switch-wal requires superuser rights\n')))
  assert.ok(
    needsSuperuser(said("ERROR: Barman switch-wal --force requires superuser rights or the 'pg_checkpoint' role\n")),
  )
  assert.not(needsSuperuser(said('')))
  assert.ok(notReceived(said('ERROR: The WAL file 000000010000000000000002 has not been received in 20 seconds\n')))
  assert.is(
    startedBackup(`Starting backup using postgres method for server pg1 in /var/lib/barman/pg1/base/20261120T080505
Backup start at LSN: 0/5000060 (000000010000000000000005, 00000060)
`),
    '20261120T080505',
  )
  assert.is(
    complaintOf(said('WARNING: a\nERROR: Backup failed copying files.\nERROR: Backup failed copying files.\n')),
    'Backup failed copying files.',
  )
})

test('barman status is read by its own words', () => {
  const status = parseStatus(`Server pg1:
	Description: PG1
	PostgreSQL version: 17.12
	Retention policies: enforced (mode: auto, retention: RECOVERY WINDOW OF 7 DAYS, WAL retention: MAIN)
	No. of available backups: 0
`)
  assert.is(status['PostgreSQL version'], '17.12')
  assert.match(status['Retention policies'] ?? '', 'RECOVERY WINDOW OF 7 DAYS')
  assert.is(status['No. of available backups'], '0')
})

test.run()
