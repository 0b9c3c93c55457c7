import {
  change,
  choice,
  defined,
  defineModule,
  encode,
  encodingComplaints,
  mode,
  optional,
  Type,
  unchanged,
  unknownText,
  withDefault,
  type Attributes,
  type FileAttributes,
  type Plan,
  type Read,
} from '../lib/index.ts'
import { attributeChange, onlyChanged, umaskFor } from '../lib/kit/files/attributes.ts'
import type { PublicKey } from '../lib/kit/ssh/public-key.ts'
import { readPair, type Pair } from '../lib/kit/ssh/read-keypair.ts'
import { renews } from '../lib/kit/ssh/renew-keypair.ts'
import { generate, pubLine, setComment } from '../lib/kit/ssh/write-keypair.ts'

/** The result of `ssh_keypair`. */
export interface SshKeypairResult {
  /** The file of the private key. */
  readonly filename: string
  /** The algorithm. */
  readonly type: string
  /** Its length in bits. */
  readonly size?: number
  /** The fingerprint of the public key. */
  readonly fingerprint?: string
  /** Type and key, as authorized_keys takes it. Unknown before the key is made. */
  readonly public_key?: string
  /** The comment of the public key. */
  readonly comment?: string
}

const defaultSizes: Readonly<Record<string, number>> = { rsa: 4096, ecdsa: 256, ed25519: 256 }

const params = {
  path: Type.String({ pattern: '^/', description: 'The private key; the public one is beside it, with `.pub`.' }),
  state: withDefault(choice(['present', 'absent'], { description: 'Whether the key pair is to be there.' }), 'present'),
  type: withDefault(choice(['ed25519', 'rsa', 'ecdsa'], { description: 'The algorithm.' }), 'ed25519'),
  size: optional(Type.Integer({ description: 'Bits: 4096 for rsa by default, 256 for ecdsa.' })),
  comment: optional(Type.String({ description: 'The comment of the public key.' })),
  regenerate: withDefault(
    choice(['never', 'fail', 'partial_idempotence', 'full_idempotence', 'always'], {
      description: 'What becomes of a key that does not fit the options, or (full) cannot be read.',
    }),
    'partial_idempotence',
  ),
  force: withDefault(Type.Boolean({ description: 'The same as `regenerate: always`.' }), false),
  owner: optional(Type.String({ description: 'Of both files.' })),
  group: optional(Type.String({ description: 'Of both files.' })),
  mode: optional(mode({ description: 'Of both files; 0600 and 0644 for new ones by default.' })),
}

/**
 * An SSH key pair, made on the host: the private key never leaves it. The public one is in the result, for `authorized_key` on other hosts.
 *
 * A key that does not fit the options is made anew (see `regenerate`); one behind a passphrase, or broken, is an error. The comment and the permissions are changed without
 * touching the key. A folder that is missing is made, for the owner alone.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/community/crypto/openssh_keypair_module.html, with ed25519 as the default.
 *
 * @throws when ssh-keygen is missing, when a key cannot be read, when the key or its folder is a link that another account may have made to what is not its own.
 * @example
 * ssh_keypair({ path: '/var/lib/barman/.ssh/id_ed25519', owner: 'barman', comment: 'barman@backup1' })
 */
export const ssh_keypair = defineModule({
  name: 'ssh_keypair',
  summary: 'Makes SSH key pairs on the host.',
  params,
  examples: [
    { name: 'A key', params: { path: '/root/.ssh/id_archive', comment: 'archive@example' } },
    { name: 'Another comment', params: { path: '/root/.ssh/id_archive', comment: 'archive' } },
    { name: 'Gone', params: { path: '/root/.ssh/id_archive', state: 'absent' } },
  ],
  check: ({ comment, type, size }) => [
    ...encodingComplaints('comment', () => encode.keyComment(comment ?? '')),
    ...(type === 'ecdsa' && size !== undefined && ![256, 384, 521].includes(size)
      ? ['"size" of an ecdsa key is 256, 384 or 521']
      : []),
    ...(type === 'rsa' && size !== undefined && size < 1024 ? ['"size" of an rsa key is 1024 or more'] : []),
  ],
  plan: async (params, host) => {
    const pair = await readPair(params.path, host)
    if (params.state === 'absent') return removal(params, pair)
    const { path, type } = params
    const size = type === 'ed25519' ? 256 : (params.size ?? defaultSizes[type] ?? 0)
    const anew = renews(pair, params.force ? 'always' : params.regenerate, { type, size, path })
    return anew ? renewal(params, pair, size) : mending(params, pair, await umaskFor(host.files, params.mode))
  },
})

type Wanted = Read<typeof params>

const nameOf = ({ path }: Wanted): string => `ssh key ${path}`

function foundOf({ path, type }: Wanted, { key }: Pair): SshKeypairResult {
  return { filename: path, type, ...described(key) }
}

const attributesWanted = ({ owner, group, mode }: Wanted): FileAttributes => ({ owner, group, mode })

function removal(wanted: Wanted, pair: Pair): Plan<SshKeypairResult> {
  if (pair.stat === undefined && pair.pubStat === undefined) return unchanged(foundOf(wanted, pair))
  const { path, type } = wanted
  return change({
    diff: [{ of: nameOf(wanted), before: { state: 'present' }, after: { state: 'absent' } }],
    result: { filename: path, type },
    apply: async ({ files }) => {
      await files.remove(path)
      await files.remove(`${path}.pub`)
    },
  })
}

/** A new key, in place of what is there. */
function renewal(wanted: Wanted, { key, folder }: Pair, size: number): Plan<SshKeypairResult> {
  const { path, type, comment } = wanted
  return change<SshKeypairResult>({
    diff: [
      {
        of: nameOf(wanted),
        before: { ...attributesOf(key), ...(folder ? {} : { folder: 'absent' }) },
        after: { type, size, comment: comment ?? '', ...(folder ? {} : { folder: 'present' }) },
      },
    ],
    result: {
      filename: path,
      type,
      size,
      public_key: unknownText('public_key'),
      fingerprint: unknownText('fingerprint'),
      comment: comment ?? '',
    },
    apply: async (target) => {
      const attributes = attributesWanted(wanted)
      const made = await generate(target, { path, type, size, comment, wanted: attributes, folder: !folder })
      return made === undefined ? {} : described(made)
    },
  })
}

/** The key stays. Its comment, its public file, and owner, group and mode of both files become what is wanted. */
function mending(wanted: Wanted, pair: Pair, umask: number): Plan<SshKeypairResult> {
  const { path, comment } = wanted
  const found = foundOf(wanted, pair)
  const key = typeof pair.key === 'object' ? pair.key : undefined
  const recomment = comment !== undefined && key !== undefined && key.comment !== comment
  const files = attributesWanted(wanted)
  const [own, pub] = [pair.stat, pair.pubStat].map((stat) => stat && attributeChange(stat, files, umask))
  if (!recomment && pair.pubMatches && own === undefined && pub === undefined) return unchanged(found)
  const side = (of: 'before' | 'after'): Attributes => ({
    ...(recomment ? { comment: of === 'before' ? key.comment : comment } : {}),
    ...(pair.pubMatches ? {} : { public: of === 'before' ? 'absent or of another key' : 'of this key' }),
    ...own?.[of],
    ...Object.fromEntries(Object.entries(pub?.[of] ?? {}).map(([name, value]) => [`${name} of .pub`, value])),
  })
  return change<SshKeypairResult>({
    diff: [{ of: nameOf(wanted), before: side('before'), after: side('after') }],
    result: { ...found, ...defined({ comment }) },
    apply: async (target) => {
      if (recomment) await setComment(target, path, comment)
      await target.files.setAttributes(path, onlyChanged(files, own), { follow: true })
      if (key !== undefined && (recomment || !pair.pubMatches))
        await target.files.write(`${path}.pub`, pubLine(key.text, comment ?? key.comment), { ...files, follow: false })
      else await target.files.setAttributes(`${path}.pub`, onlyChanged(files, pub))
    },
  })
}

function described(key: Pair['key']): Partial<SshKeypairResult> {
  if (key === 'pending') return { public_key: unknownText('public_key'), fingerprint: unknownText('fingerprint') }
  if (typeof key === 'string') return {}
  const { type, size, fingerprint, text, comment } = key
  return { type, size, fingerprint, public_key: text, comment }
}

function attributesOf(key: PublicKey | string): Attributes {
  if (typeof key === 'string') return { state: key }
  return { type: key.type, size: key.size, comment: key.comment }
}
