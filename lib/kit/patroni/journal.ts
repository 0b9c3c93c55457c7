import { mask } from '../../secret.ts'

/** Lines of Patroni's journal that say why a member does not come up: what is ours comes first, what only follows from it is left out. */
const causes: readonly RegExp[] = [
  /password authentication failed for user .*/,
  /no pg_hba\.conf entry for .*/,
  /role ".*" does not exist/,
  /CRITICAL: (.*)/,
  /system ID mismatch.*/,
  /(?:Failed to get list of machines|Etcd is not responding properly|EtcdConnectionFailed|No more machines in the cluster).*/i,
  /could not connect to server.*|connection to server at .* failed: .*/,
  /No space left on device.*/,
  /initdb: error: .*|pg_basebackup: error: .*|pg_rewind: error: .*|pg_ctl: .*/,
  /FATAL: +(?!.*(?:the database system is starting up|terminating)).*/,
  /ConfigParseError.*|YAMLError.*|ScannerError.*|ParserError.*/,
  /Address already in use.*/,
  /ERROR: (.*)/,
]

/** Why Patroni does not start, from its journal; undefined when the journal has no error. */
export function reasonIn(journal: string): string | undefined {
  const lines = journal.split('\n').map((line) => line.trim())
  for (const cause of causes) {
    const line = lines.findLast((one) => cause.test(one))
    if (line === undefined) continue
    const match = cause.exec(line)
    return mask(match?.[1] ?? match?.[0] ?? line).slice(0, 300)
  }
  return undefined
}
