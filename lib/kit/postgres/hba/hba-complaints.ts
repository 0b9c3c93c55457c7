import { encodingComplaints } from '../../../encode/cannot-encode.ts'
import { pgHbaAddress, pgHbaComment, pgHbaMask, pgHbaOption } from '../../../encode/postgres/pg-hba.ts'
import { didYouMean } from '../../../schema/index.ts'
import { hbaTypes, renderOption, renderWord, type Word } from './hba.ts'
import type { WantedRule } from './hba-edit.ts'
import {
  givenRules,
  hbaMethods,
  hbaRuleKeys,
  optionList,
  splitWords,
  wantedRules,
  words,
  type GivenRule,
  type HbaWanted,
} from './hba-params.ts'

/** Complaints about the parameters of a call. */
export function hbaComplaints(wanted: HbaWanted): readonly string[] {
  const overSocket = wanted.login_host === undefined && wanted.login_password === undefined
  const wrong = givenRules(wanted).flatMap(({ rule, place }) => ruleComplaints(place, rule))
  return [
    ...(wanted.version === undefined && wanted.dest === undefined && wanted.path === undefined
      ? ['"version" or "dest" is required']
      : []),
    ...(wanted.rules !== undefined && wanted.contype !== undefined ? ['"rules" and "contype" exclude each other'] : []),
    ...(wanted.overwrite && wanted.rules === undefined && wanted.contype === undefined
      ? ['"overwrite" wants "rules": an empty file lets nobody in']
      : []),
    ...wrong,
    ...(wrong.length === 0 &&
    wanted.overwrite &&
    overSocket &&
    !letsUsIn(wantedRules(wanted), wanted.login_user ?? 'postgres')
      ? [
          `"rules" would lock out ${wanted.login_user ?? 'postgres'}, as whom hostwright connects: add { type: 'local', databases: 'all', users: '${wanted.login_user ?? 'postgres'}', method: 'peer' }`,
        ]
      : []),
  ]
}

function ruleComplaints(place: string, rule: GivenRule): readonly string[] {
  const type = rule.type ?? rule.contype ?? 'host'
  const oneOf = (name: string, value: string, known: readonly string[]) =>
    known.includes(value)
      ? []
      : [`"${place}${name}" must be one of ${known.join(', ')}, not "${value}"${didYouMean(value, known)}`]
  const shapes = shapeComplaints(place, rule)
  if (shapes.length > 0) return shapes
  return [
    ...Object.keys(rule)
      .filter((key) => !(hbaRuleKeys as readonly string[]).includes(key))
      .map((key) => `"${place.slice(0, -1)}" has the unknown key "${key}"${didYouMean(key, hbaRuleKeys)}`),
    ...oneOf('type', type, hbaTypes),
    ...(rule.method === undefined ? [] : oneOf('method', rule.method, hbaMethods)),
    ...(rule.state === undefined ? [] : oneOf('state', rule.state, ['present', 'absent'])),
    ...(['databases', 'database', 'users', 'user'] as const).flatMap((key) => wordComplaints(place + key, rule[key])),
    ...(type === 'local' ? [] : placeComplaints(place, rule)),
    ...optionComplaints(`${place}options`, rule.options),
    ...encodingComplaints(`${place}comment`, () => pgHbaComment(rule.comment ?? '')),
  ]
}

/** Rules come from inventories too, where a number is easily written for a name. */
function shapeComplaints(place: string, rule: GivenRule): readonly string[] {
  const isText = (value: unknown) => value === undefined || typeof value === 'string'
  const isTexts = (value: unknown) => isText(value) || (Array.isArray(value) && value.every(isText))
  const texts = ['type', 'contype', 'address', 'source', 'netmask', 'method', 'comment', 'state'] as const
  const lists = ['databases', 'database', 'users', 'user'] as const
  return [
    ...texts.filter((key) => !isText(rule[key])).map((key) => `"${place}${key}" must be text`),
    ...lists.filter((key) => !isTexts(rule[key])).map((key) => `"${place}${key}" must be text or a list of texts`),
  ]
}

function wordComplaints(key: string, value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  const written = typeof value === 'string' ? splitWords(value).filter((word) => word !== '') : value
  if (written.length === 0 || (typeof value !== 'string' && written.includes(''))) return [`"${key}" names nothing`]
  const torn = typeof value === 'string' && written.some((word) => /"/.test(word) && !/^"(?:[^"]|"")*"$/.test(word))
  if (torn) return [`"${key}": double quotes stand around a whole name, and are doubled in it`]
  return words(value).flatMap((word) => encodingComplaints(key, () => renderWord(word)))
}

function placeComplaints(place: string, { address, source, netmask }: GivenRule): readonly string[] {
  const where = address ?? source ?? 'samehost'
  const key = address === undefined && source !== undefined ? 'source' : 'address'
  return [
    ...encodingComplaints(`${place}${key}`, () => pgHbaAddress(where)),
    ...encodingComplaints(`${place}netmask`, () => (netmask ?? '') === '' || pgHbaMask(where, netmask ?? '')),
  ]
}

function optionComplaints(key: string, options: GivenRule['options']): readonly string[] {
  const named = typeof options === 'object' && !Array.isArray(options)
  return [
    ...(typeof options === 'string' && /[\n\r]/.test(options) ? [`"${key}" must be one line`] : []),
    ...(named ? Object.keys(options).flatMap((name) => encodingComplaints(key, () => pgHbaOption(name, ''))) : []),
    ...optionList(options).flatMap((option) =>
      option.includes('=')
        ? encodingComplaints(key, () => renderOption(option))
        : [`"${key}" must be name=value, not ${JSON.stringify(option)}`],
    ),
  ]
}

/** The first rule that fits decides. */
function letsUsIn(rules: readonly WantedRule[], user: string): boolean {
  const fits = (words: readonly Word[], name: string) =>
    words.some(({ text, quoted }) => text === name || (!quoted && (text === 'all' || /^[+@/]/.test(text))))
  const first = rules.find(
    ({ rule, state }) =>
      state === 'present' && rule.type === 'local' && fits(rule.users, user) && fits(rule.databases, 'postgres'),
  )
  return first !== undefined && ['peer', 'trust', 'ident'].includes(first.rule.method)
}
