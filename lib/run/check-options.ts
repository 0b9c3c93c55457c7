import { becomeMethods, builtInKinds } from '../connection/index.ts'
import { HostwrightError, InputErrors } from '../error.ts'
import { didYouMean } from '../schema/nearest.ts'
import { Secret } from '../secret.ts'
import type { RunOptions } from './options.ts'

/** Whether a value will do, and what it should be. */
type Rule = readonly [fits: (value: unknown) => boolean, wanted: string]

const isText = (value: unknown): boolean => typeof value === 'string'
const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isFunction = (value: unknown): boolean => typeof value === 'function'
const listOr =
  (fits: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) ? value.every(fits) : fits(value)

const text: Rule = [(value) => isText(value) && value !== '', 'a text']
const flag: Rule = [(value) => typeof value === 'boolean', 'true or false']
const secret: Rule = [(value) => isText(value) || value instanceof Secret, 'a text or a Secret']
const count: Rule = [(value) => Number.isInteger(value) && Number(value) >= 1, 'a whole number from 1 on']
const tags: Rule = [listOr(isText), 'a text or a list of texts']

const rules: Readonly<Record<keyof RunOptions, Rule>> = {
  inventory: [
    (value) => listOr((each) => isText(each) || isMapping(each))(value),
    'an inventory, a path, data, a source, or a list of these',
  ],
  limit: text,
  tags,
  skipTags: tags,
  startAtTask: text,
  check: flag,
  diff: flag,
  vars: [isMapping, 'a mapping of names to values'],
  forks: count,
  forceHandlers: flag,
  lookAhead: flag,
  become: flag,
  becomeUser: text,
  becomeMethod: [(value) => becomeMethods.some((method) => method === value), `one of ${becomeMethods.join(', ')}`],
  becomePassword: secret,
  connection: text,
  connections: [isMapping, 'a mapping of names to connection kinds'],
  user: text,
  password: secret,
  privateKeyFile: text,
  timeout: count,
  hostKeyChecking: [(value) => typeof value === 'boolean' || value === 'accept-new', 'true, false or accept-new'],
  sshArgs: [isText, 'a text'],
  sshCommonArgs: [isText, 'a text'],
  sshExtraArgs: [isText, 'a text'],
  keepLogins: flag,
  vaultPasswords: [
    (value) =>
      Array.isArray(value) &&
      value.every((each) => secret[0](each) || (isMapping(each) && secret[0](each['password']))),
    'a list of passwords',
  ],
  playbookDir: text,
  stateDir: text,
  report: [listOr(isFunction), 'a function or a list of functions'],
  signal: [(value) => value instanceof AbortSignal, 'an AbortSignal'],
  confirm: [isFunction, 'a function'],
  results: flag,
}

/** Throws everything that is wrong with a playbook and the options to run it with, before anything is touched. */
export function checkOptions(playbook: unknown, options: RunOptions): void {
  const errors = [
    ...playbookErrors(playbook),
    ...Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : optionErrors(name, value))),
    ...connectionErrors(options),
  ]
  if (errors.length > 0) throw new InputErrors(errors)
}

function playbookErrors(playbook: unknown): readonly HostwrightError[] {
  if (isMapping(playbook) && playbook['type'] === 'playbook' && Array.isArray(playbook['plays'])) return []
  return [wrong('run() was given no playbook', "give what playbook('name', [play1, play2]) or loadPlaybook(file) gave")]
}

function optionErrors(name: string, value: unknown): readonly HostwrightError[] {
  const rule = Object.hasOwn(rules, name) ? rules[name as keyof RunOptions] : undefined
  if (rule === undefined)
    return [wrong(`there is no option "${name}"${didYouMean(name, Object.keys(rules))}`, 'see RunOptions')]
  const [fits, wanted] = rule
  return fits(value) ? [] : [wrong(`the option ${name} is not ${wanted}`, `give ${wanted}`)]
}

function connectionErrors({ connection, connections = {} }: RunOptions): readonly HostwrightError[] {
  if (!isMapping(connections)) return []
  const kinds = Object.entries(connections).flatMap(([name, kind]: [string, unknown]) => {
    if (builtInKinds.includes(name))
      return [wrong(`connections: "${name}" is a connection of hostwright itself`, 'give yours another name')]
    const opens =
      isMapping(kind) && isFunction(kind['open']) && (kind['check'] === undefined || isFunction(kind['check']))
    return opens ? [] : [wrong(`connections: "${name}" cannot be opened`, 'give an object with open(target)')]
  })
  const names = [...builtInKinds, ...Object.keys(connections)]
  if (typeof connection !== 'string' || names.includes(connection)) return kinds
  return [
    ...kinds,
    wrong(`there is no connection "${connection}"${didYouMean(connection, names)}`, `take one of ${names.join(', ')}`),
  ]
}

function wrong(message: string, next: string): HostwrightError {
  return new HostwrightError(message, { kind: 'input', next })
}
