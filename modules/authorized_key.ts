import { posix } from 'node:path'
import {
  change,
  choice,
  defineModule,
  encode,
  encodingComplaints,
  optional,
  Type,
  Unreadable,
  withDefault,
  type HostReader,
  type Plan,
  type UserState,
} from '../lib/index.ts'
import { planEdit, type EditResult } from '../lib/kit/files/edited.ts'
import { refusePlanted } from '../lib/kit/files/planted.ts'
import { attributeStep } from '../lib/kit/files/steps.ts'
import {
  isWhole,
  parseAuthorizedKey,
  withKeys,
  withoutBlanks,
  withoutKeys,
  type AuthorizedKey,
} from '../lib/kit/ssh/authorized-keys-edit.ts'
import { authorizedKeyOptions, keyLine, splitKeyOptions } from '../lib/kit/ssh/key-lines.ts'
import { asBytes } from '../lib/kit/text/pattern.ts'

/**
 * Who may log in as a user by key. Keys are told apart by the key itself: with other options, or another comment, the line is brought to what is given. The
 * user's `.ssh` is made where it is missing, and is the user's alone; a folder elsewhere (`path`) is left as it is. Lines that are right stay as they are.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/posix/authorized_key_module.html
 *
 * @throws at start-up when a key is not whole; later when there is no such user, or when the folder or the file is a link that the user made to what is not theirs.
 * @example
 * authorized_key({ user: 'barman', key: results.key.public_key, key_options: 'restrict,from="192.0.2.0/24"' })
 */
export const authorized_key = defineModule({
  name: 'authorized_key',
  summary: 'Keys by which a user may log in.',
  params: {
    user: Type.String({ description: 'Whose login it is.' }),
    key: Type.Union([Type.String(), Type.Array(Type.String())], {
      description: 'Public keys, as in `id_ed25519.pub`: one, several on a line each, or a list.',
    }),
    state: withDefault(choice(['present', 'absent'], { description: 'Whether the keys are to be there.' }), 'present'),
    exclusive: withDefault(Type.Boolean({ description: 'No other key may log in.' }), false),
    key_options: optional(Type.String({ description: 'What the key may do: `restrict,command="…"`.' })),
    comment: optional(Type.String({ description: "Replaces the key's comment." })),
    path: optional(Type.String({ description: "The file, when it is not the user's `.ssh/authorized_keys`." })),
    manage_dir: withDefault(
      Type.Boolean({ description: "Make the user's `.ssh`, and make it the user's alone." }),
      true,
    ),
    follow: withDefault(Type.Boolean({ description: 'Write to where a link at the path points.' }), false),
  },
  examples: [
    {
      name: 'A key that may do nothing but tunnel',
      params: {
        user: 'root',
        key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd replicator@db1',
        key_options: 'restrict,port-forwarding',
        path: '/tmp/authorized_keys',
      },
    },
  ],
  check: ({ key, state, exclusive, key_options, comment }) => [
    ...linesIn(key).flatMap(keyComplaints),
    ...(linesIn(key).length === 0 && !(exclusive && state === 'present') ? ['"key" holds no key'] : []),
    ...encodingComplaints('key_options', () => authorizedKeyOptions(key_options ?? '')),
    ...encodingComplaints('comment', () => encode.keyComment(comment ?? '')),
  ],
  plan: async (params, host): Promise<Plan<EditResult>> => {
    const account = await host.users.user(params.user)
    if (account === undefined)
      throw new Unreadable(`there is no user ${params.user}`, 'user', {
        host: host.name,
        next: 'create the user in an earlier task',
      })
    const own = posix.join(account.home, '.ssh')
    const path = params.path ?? posix.join(own, 'authorized_keys')
    const managed = params.manage_dir && posix.dirname(path) === own
    const [folder, file] = await Promise.all([
      managed ? folderStep(host, own, account) : undefined,
      planEdit(host, fileFor(path, account, params.follow), (content) => edited(content, params)),
      refusePlanted(host, posix.dirname(path), path),
    ])
    if (folder === undefined) return file
    return change({
      diff: [...folder.diff, ...(file.changed ? file.diff : [])],
      result: file.result,
      apply: async (writable) => {
        await folder.apply(writable)
        if (file.changed) await file.apply(writable)
      },
    })
  },
})

function fileFor(path: string, { name, group }: UserState, follow: boolean) {
  const options = { create: true, follow, backup: false, unsafe_writes: false }
  return { path, owner: name, group, mode: '0600', folder: { owner: name, group, mode: '0700' }, ...options }
}

/** The user's own `.ssh`, when it is there and not the user's alone. A missing one is made with the file. */
async function folderStep(host: HostReader, own: string, { name, group }: UserState) {
  const stat = await host.files.stat(own, { follow: true })
  return attributeStep(host, own, stat, { owner: name, group, mode: '0700' }, true)
}

interface Wish {
  readonly key: string | readonly string[]
  readonly state: 'present' | 'absent'
  readonly exclusive: boolean
  readonly key_options?: string
  readonly comment?: string
}

function edited(content: Buffer, { key, state, exclusive, key_options, comment }: Wish) {
  const keys = linesIn(key)
    .map((line) => parseAuthorizedKey(asBytes(line)))
    .filter((one) => one !== undefined)
    .map((one): AuthorizedKey => ({
      ...one,
      options: key_options === undefined ? one.options : splitKeyOptions(asBytes(key_options)),
      comment: comment === undefined ? one.comment : asBytes(comment),
    }))
  return state === 'present'
    ? { content: withKeys(content, keys, exclusive), msg: 'keys set' }
    : { content: withoutKeys(content, keys), msg: 'keys removed' }
}

function keyComplaints(line: string): readonly string[] {
  const key = parseAuthorizedKey(asBytes(line))
  const shown = JSON.stringify(line.length > 50 ? `${line.slice(0, 49)}…` : line)
  if (/^https?:/.test(line)) return ['"key" must be the key itself, not an address']
  if (key === undefined || !isWhole(key)) return [`"key" holds no whole public key: ${shown}`]
  return [
    ...encodingComplaints('key', () => authorizedKeyOptions(key.options.join(','))),
    ...encodingComplaints('key', () => keyLine(line)),
  ]
}

function linesIn(key: string | readonly string[]): readonly string[] {
  return [key]
    .flat()
    .flatMap((text) => text.split('\n'))
    .map(withoutBlanks)
    .filter((line) => line !== '' && !line.startsWith('#'))
}
