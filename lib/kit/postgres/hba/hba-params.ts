import { defined } from '../../../defined.ts'
import { choice, optional, Type, withDefault, type Read } from '../../../schema/index.ts'
import { hbaTypes, type HbaRule, type Word } from './hba.ts'
import type { WantedRule } from './hba-edit.ts'
import { loginParams } from '../sql/login.ts'
import { clusterParams } from '../cluster/place.ts'

/** How a client proves who it is. */
export const hbaMethods = [
  ...[
    'trust',
    'reject',
    'md5',
    'password',
    'scram-sha-256',
    'gss',
    'sspi',
    'ident',
    'peer',
    'ldap',
    'radius',
    'cert',
    'pam',
    'bsd',
    'krb5',
  ],
] as const

/** A rule as a playbook writes it: community.postgresql's names, or the column titles of pg_hba.conf. */
export interface GivenRule {
  /** `local`, `host`, `hostssl` … */
  readonly type?: string
  /** The same. */
  readonly contype?: string
  /** The databases it is for. */
  readonly database?: string | readonly string[]
  /** The same. */
  readonly databases?: string | readonly string[]
  /** The roles it is for. */
  readonly user?: string | readonly string[]
  /** The same. */
  readonly users?: string | readonly string[]
  /** The clients it is for. */
  readonly address?: string
  /** The same. */
  readonly source?: string
  /** The mask of `address`. */
  readonly netmask?: string
  /** How a client proves who it is. */
  readonly method?: string
  /** The method's options. */
  readonly options?: string | readonly string[] | Readonly<Record<string, string | number>>
  /** A comment behind the rule. */
  readonly comment?: string
  /** Whether it is to be there; `present` by default. */
  readonly state?: 'present' | 'absent'
}

/** What a rule may say. */
export const hbaRuleKeys = [
  ...[
    'type',
    'contype',
    'database',
    'databases',
    'user',
    'users',
    'address',
    'source',
    'netmask',
    'method',
    'options',
    'comment',
    'state',
  ],
] as const

/** The parameters of `pg_hba`. */
export const hbaParams = {
  ...clusterParams,
  dest: optional(
    Type.String({ pattern: '^/', description: 'The file. Default: pg_hba.conf of the cluster (Debian’s layout).' }),
  ),
  path: optional(Type.String({ pattern: '^/', description: 'The same as dest.' })),
  rules: optional(
    Type.Unsafe<readonly GivenRule[]>({
      type: 'array',
      items: { type: 'object' },
      description: 'Rules: type, databases, users, address, netmask, method, options, comment, state.',
    }),
  ),
  contype: optional(choice(hbaTypes, { description: 'A single rule: its type.' })),
  databases: withDefault(Type.String({ description: 'Its databases, with commas.' }), 'all'),
  users: withDefault(Type.String({ description: 'Its users, with commas.' }), 'all'),
  address: withDefault(Type.String({ description: 'Where they come from.' }), 'samehost'),
  netmask: optional(Type.String({ description: 'The mask of the address.' })),
  method: withDefault(choice(hbaMethods, { description: 'How they prove who they are.' }), 'md5'),
  options: optional(Type.String({ description: 'Options of the method.' })),
  comment: optional(Type.String({ description: 'A comment behind it.' })),
  /** Whether the rule is to be there. `present` by default. */
  state: withDefault(choice(['present', 'absent'], { description: 'Whether the rules are to be there.' }), 'present'),
  overwrite: withDefault(
    Type.Boolean({
      description: 'The file holds these rules in this order and no other: whatever else lets somebody in goes.',
    }),
    false,
  ),
  position: withDefault(
    choice(['first', 'last'], { description: 'Where new rules go: the first that fits decides.' }),
    'last',
  ),
  create: withDefault(Type.Boolean({ description: 'Make the file if there is none.' }), false),
  backup: withDefault(Type.Boolean({ description: 'Keep the old file beside it.' }), false),
  reload: withDefault(
    Type.Boolean({ description: 'Have a running server read it again, where it has not yet.' }),
    true,
  ),
  ...loginParams,
}
/** The parameters of `pg_hba`, as a module reads them. */
export type HbaWanted = Read<typeof hbaParams>

/** The rules a call asks for; those of the list, or the single one. */
export function wantedRules(wanted: HbaWanted): readonly WantedRule[] {
  return givenRules(wanted).map(({ rule }) => toWanted({ state: wanted.state, ...rule }))
}

/** The same as they are written, each with how its parameters are called in a complaint. */
export function givenRules(wanted: HbaWanted): readonly { readonly rule: GivenRule; readonly place: string }[] {
  if (wanted.rules !== undefined) return wanted.rules.map((rule, i) => ({ rule, place: `rules.${i}.` }))
  const { contype, databases, users, address, netmask, method, options, comment, state } = wanted
  if (contype === undefined) return []
  const rule = {
    ...{ type: contype, databases, users, address, method, state },
    ...defined({ netmask, options, comment }),
  }
  return [{ rule, place: '' }]
}

function toWanted(given: GivenRule): WantedRule {
  const type = given.type ?? given.contype ?? 'host'
  const local = type === 'local'
  const rule: HbaRule = {
    type,
    databases: words(given.databases ?? given.database ?? 'all'),
    users: words(given.users ?? given.user ?? 'all'),
    ...(local ? { address: '', netmask: '' } : place(given.address ?? given.source ?? 'samehost', given.netmask)),
    method: given.method ?? 'md5',
    options: optionList(given.options),
    comment: given.comment ?? '',
  }
  return { rule, state: given.state ?? 'present' }
}

/** A list is names; text may hold several with commas, quoted where a name is no keyword: `"all"`. */
export function words(value: string | readonly string[]): readonly Word[] {
  return [typeof value === 'string' ? splitWords(value) : value]
    .flat()
    .filter((text) => text !== '')
    .map((text) => {
      const quoted = /^"([\s\S]*)"$/.exec(text)
      return quoted === null ? { text, quoted: false } : { text: (quoted[1] ?? '').replaceAll('""', '"'), quoted: true }
    })
}

/** Names with commas between them, as they are written. */
export function splitWords(text: string): readonly string[] {
  return (text.match(/(?:"(?:[^"]|"")*"|[^,"])+|"/g) ?? []).map((word) => word.trim())
}

/** The server wants a mask with every address; one host is meant when none is given. */
function place(address: string, netmask: string | undefined): { address: string; netmask: string } {
  if (netmask !== undefined && netmask !== '') return { address, netmask }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(address)) return { address: `${address}/32`, netmask: '' }
  return { address: /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(address) ? `${address}/128` : address, netmask: '' }
}

/** `name=value`, one by one. */
export function optionList(options: GivenRule['options']): readonly string[] {
  if (options === undefined) return []
  if (typeof options === 'string')
    return (options.match(/[^\s"]+(?:"(?:[^"]|"")*")?|"/g) ?? []).map((text) =>
      text.replace(/="([\s\S]*)"$/, (_, value: string) => `=${value.replaceAll('""', '"')}`),
    )
  return Array.isArray(options)
    ? (options as readonly string[])
    : Object.entries(options as Readonly<Record<string, string | number>>).map(([name, value]) => `${name}=${value}`)
}
