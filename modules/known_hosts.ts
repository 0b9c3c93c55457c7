import { posix } from 'node:path'
import {
  choice,
  defineModule,
  encode,
  encodingComplaints,
  optional,
  Type,
  withDefault,
  type Plan,
} from '../lib/index.ts'
import { planEdit, type EditResult } from '../lib/kit/files/edited.ts'
import { refusePlanted } from '../lib/kit/files/planted.ts'
import { keyLine } from '../lib/kit/ssh/key-lines.ts'
import { isNamed, parseHostKey, withHostKeys, withoutHost, type HostKey } from '../lib/kit/ssh/known-hosts-edit.ts'
import { asBytes } from '../lib/kit/text/pattern.ts'

/**
 * The key by which ssh knows a host. An older key of the same type goes; other names that a line holds stay known by it. `state: 'absent'` forgets the host,
 * or only the given key of it.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/known_hosts_module.html
 *
 * @throws at start-up when the key is no line of known_hosts or is not for this host; later when the folder or the file is a link that another account may have made.
 * @example
 * known_hosts({ name: 'db1', key: 'db1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA…' })
 */
export const known_hosts = defineModule({
  name: 'known_hosts',
  summary: 'Keys by which ssh knows hosts.',
  params: {
    name: Type.String({ description: 'The host; `[host]:port` for another port than 22.' }),
    key: optional(Type.String({ description: 'Its line of known_hosts, or several; needed for `state: present`.' })),
    path: withDefault(Type.String({ description: 'The file.' }), '~/.ssh/known_hosts'),
    hash_host: withDefault(Type.Boolean({ description: 'Write the name so that it cannot be read.' }), false),
    state: withDefault(choice(['present', 'absent'], { description: 'Whether the key is to be there.' }), 'present'),
  },
  examples: [
    {
      name: 'A key',
      params: {
        name: 'db1',
        key: 'db1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd',
        path: '/tmp/known_hosts',
      },
    },
  ],
  check: ({ name, key, state }) => [
    ...(state === 'present' && key === undefined ? ['"key" is required'] : []),
    ...(/[,\s]/.test(name)
      ? ['"name" must be a single host']
      : encodingComplaints('name', () => encode.knownHost(name))),
    ...(key === undefined ? [] : keyComplaints(name, key)),
  ],
  plan: async ({ name, key = '', path, hash_host, state }, host): Promise<Plan<EditResult>> => {
    const file = { path, create: true, folder: { mode: '0700' }, backup: false, unsafe_writes: false }
    const keys = keysIn(key)
    const edit =
      state === 'present'
        ? planEdit(host, file, (content) => ({
            content: withHostKeys(content, name, keys, hash_host),
            msg: 'key added',
          }))
        : planEdit(host, { ...file, missing: '' }, (content) => ({
            content: withoutHost(content, name, keys),
            msg: 'key removed',
          }))
    const [plan] = await Promise.all([edit, refusePlanted(host, posix.dirname(path), path)])
    return plan
  },
})

function keysIn(text: string): readonly HostKey[] {
  return linesIn(text)
    .map((line) => parseHostKey(asBytes(line)))
    .filter((key) => key !== undefined)
}

function keyComplaints(name: string, text: string): readonly string[] {
  return linesIn(text).flatMap((line) => {
    const key = parseHostKey(asBytes(line))
    if (key === undefined || !/^[\w@.-]+$/.test(key.type) || !/^[A-Za-z0-9+/]+={0,3}$/.test(key.key))
      return [`"key" must be lines of known_hosts (names, type, key), not ${JSON.stringify(line)}`]
    const concerned = key.names.some((entry) => isNamed(entry, name))
    if (!concerned) return [`"key" is for ${key.names.join(', ')}, not for ${name}`]
    return encodingComplaints('key', () => [
      keyLine(line.replace(/\r$/, '')),
      key.names.filter((entry) => !/^[!|]/.test(entry)).map((name) => encode.knownHost(name)),
    ])
  })
}

function linesIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
}
