import { defined } from '../../defined.ts'
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HostwrightError } from '../../error.ts'
import { quote } from '../../quote.ts'
import {
  fingerprint,
  indexKnownHosts,
  keyType,
  knownHostLine,
  parseKnownHosts,
  verifyHostKey,
  type KnownHost,
} from './known-hosts.ts'
import { parsedFile } from '../settings/parsed-file.ts'
import { leastRsaSize, rsaSize } from './key-strength.ts'
import { revokedBy } from './revoked-keys.ts'
import type { HostKeyRules, SshTarget } from '../settings/ssh-target.ts'

/** What the files of known hosts say of the names of a host. */
export function readKnownHosts(rules: HostKeyRules): readonly KnownHost[] {
  const names = [rules.name, ...(rules.alsoKnownAs === undefined ? [] : [rules.alsoKnownAs])]
  return [...rules.userFiles, ...rules.globalFiles].flatMap((file) => knownHostsFile(file)(names))
}

const knownHostsFile = parsedFile((read, file) =>
  indexKnownHosts('bytes' in read ? parseKnownHosts(read.bytes.toString(), file) : []),
)

/** What a host key is good for. */
export type HostKeyVerdict =
  | { readonly is: 'good' }
  /** Known to be wrong where nobody checks: good for what somebody in between could not use. */
  | { readonly is: 'unsafe'; readonly why: string }
  | { readonly is: 'refused'; readonly error: HostwrightError }

/** Whether this key is good for the target; if not, why, and what to do. An unknown one is written down where that is the rule. */
export async function checkHostKey(
  target: SshTarget,
  entries: readonly KnownHost[],
  key: Buffer,
): Promise<HostKeyVerdict> {
  const { hostKeys: rules } = target
  const shown = `${keyType(key)} ${fingerprint(key)}`
  const by = revokedBy(rules.revokedFiles, key)
  const error =
    by === undefined
      ? undefined
      : refusal(target, `the host key of ${rules.name} (${shown}) is revoked by ${by}`, {
          next: 'do not use this host until you know why; its key must be replaced',
          shown,
        })
  if (error !== undefined) return { is: 'refused', error }
  const bits = rsaSize(key)
  if (bits !== undefined && bits < leastRsaSize(target)) return { is: 'refused', error: tooShort(target, bits, shown) }
  if (rules.policy === 'off') return unchecked(target, entries, key)
  const refused = await judged(target, entries, key)
  return refused === undefined ? { is: 'good' } : { is: 'refused', error: refused }
}

/**
 * Without checking, a new key is written down all the same, so that a change is noticed: to a host whose key is known to be wrong OpenSSH sends no password, and lends it
 * no agent.
 */
async function unchecked(target: SshTarget, entries: readonly KnownHost[], key: Buffer): Promise<HostKeyVerdict> {
  const { name, alsoKnownAs } = target.hostKeys
  for (const known of alsoKnownAs === undefined ? [name] : [name, alsoKnownAs]) {
    const verdict = verifyHostKey(entries, [known], key)
    if (verdict.is === 'known') return { is: 'good' }
    // Without its port, the name may be another server's.
    if (verdict.is === 'unknown' || (verdict.is === 'changed' && known !== name)) continue
    const what = verdict.is === 'revoked' ? `is revoked by ${place(verdict.by)}` : 'has changed'
    return { is: 'unsafe', why: `the host key of ${known} ${what}` }
  }
  await remember(target, key)
  return { is: 'good' }
}

function tooShort(target: SshTarget, bits: number, shown: string): HostwrightError {
  return refusal(target, `the host key of ${target.hostKeys.name} has only ${bits} bits: ${shown}`, {
    next: 'give the host a longer key, or one of another type: ssh-keygen -A',
    shown,
  })
}

async function judged(
  target: SshTarget,
  entries: readonly KnownHost[],
  key: Buffer,
): Promise<HostwrightError | undefined> {
  const { hostKeys: rules } = target
  const exact = verifyHostKey(entries, [rules.name], key)
  // A key known for the host without its port is good enough to know it, but a different one there proves nothing.
  const loose =
    exact.is === 'unknown' && rules.alsoKnownAs !== undefined ? verifyHostKey(entries, [rules.alsoKnownAs], key) : exact
  const verdict = loose.is === 'changed' ? exact : loose
  const shown = `${keyType(key)} ${fingerprint(key)}`
  switch (verdict.is) {
    case 'known':
      return undefined
    case 'revoked':
      return refusal(target, `the host key of ${rules.name} (${shown}) is revoked by ${place(verdict.by)}`, {
        next: 'do not use this host until you know why; its key must be replaced',
        shown,
      })
    case 'changed': {
      const [first] = verdict.expected
      const expected = verdict.expected.map(
        (entry) => `${entry.type} ${fingerprint(Buffer.from(entry.key, 'base64'))} (${place(entry)})`,
      )
      return refusal(
        target,
        `the host key of ${rules.name} has changed: it is ${shown}, and known_hosts expects ${expected.join(' or ')}`,
        {
          next: `if the host was installed anew, remove the old key: ssh-keygen -R ${quote(rules.name)} -f ${quote(first?.file ?? '')}; if not, somebody may be in between`,
          shown,
          place: first,
        },
      )
    }
    case 'unknown': {
      if (rules.policy === 'accept-new') return remember(target, key)
      const why = verdict.ignored.length === 0 ? '' : ` (${verdict.ignored.join('; ')})`
      return refusal(target, `the host key of ${rules.name} is not known: ${shown}${why}`, {
        next: `check the fingerprint, then: ${scanCommand(target)}; or set ansible_ssh_common_args='-o StrictHostKeyChecking=accept-new'`,
        shown,
      })
    }
  }
}

/** One short append is atomic on a local file system, so hosts that connect at the same time do not disturb each other. */
async function remember(target: SshTarget, key: Buffer): Promise<HostwrightError | undefined> {
  const { name, userFiles, hashed } = target.hostKeys
  const [file] = userFiles
  if (file === undefined) return undefined
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const text = await readFile(file, 'utf8').catch(() => '')
    const newline = text === '' || text.endsWith('\n') ? '' : '\n'
    await appendFile(file, newline + knownHostLine(name, key, hashed ? randomBytes(20) : undefined), { mode: 0o600 })
    return undefined
  } catch (error) {
    return refusal(target, `the new host key of ${name} cannot be written to ${file}`, {
      next: `make ${file} writable, or name another with -o UserKnownHostsFile=…`,
      shown: fingerprint(key),
      cause: error,
    })
  }
}

function refusal(
  target: SshTarget,
  message: string,
  more: { next: string; shown: string; place?: KnownHost | undefined; cause?: unknown },
): HostwrightError {
  return new HostwrightError(message, {
    kind: 'unreachable',
    host: target.name,
    next: more.next,
    data: { host_key: more.shown },
    ...(more.place === undefined ? {} : { place: { file: more.place.file, line: more.place.line } }),
    ...defined({ cause: more.cause }),
  })
}

function scanCommand({ address, port, hostKeys }: SshTarget): string {
  const [file = '~/.ssh/known_hosts'] = hostKeys.userFiles
  return `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${quote(address)} >>${quote(file)}`
}

function place(entry: KnownHost): string {
  return `${entry.file}:${entry.line}`
}
