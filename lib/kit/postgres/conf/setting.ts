import { didYouMean } from '../../../schema/index.ts'
import { Secret } from '../../../secret.ts'

/** What pg_settings says of a setting. */
export interface Setting {
  /** Its name. */
  readonly name: string
  /** The value in force, in `unit`. */
  readonly setting: string
  /** Its unit, if it has one. */
  readonly unit: string | null
  /** The kind of value. */
  readonly vartype: 'bool' | 'integer' | 'real' | 'enum' | 'string'
  /** When a change takes effect: `postmaster` after a restart. */
  readonly context: string
  /** The words it may be, for an enum. */
  readonly enumvals: readonly string[] | null
  /** The least value, for a number. */
  readonly min_val: string | null
  /** The greatest value, for a number. */
  readonly max_val: string | null
  /** The value where nothing sets it. */
  readonly boot_val: string | null
  /** What set it. */
  readonly source: string
  /** Whether a change waits for a restart. */
  readonly pending_restart: boolean
}

/** A setting as a playbook writes it; null resets it, a list is joined by commas. */
export type GivenSetting = string | number | boolean | null | Secret | readonly (string | number)[]

/** A value as a playbook gives it, as the server's text; null: not set. */
export function settingText(value: GivenSetting): string | null {
  if (value === null) return null
  if (value instanceof Secret) return value.reveal()
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return Array.isArray(value) ? value.join(', ') : String(value)
}

const memory: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }
const time: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, min: 6e7, h: 3.6e9, d: 8.64e10 }
const numberText = /^\s*([-+]?(?:0[xX][\da-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+))\s*([A-Za-z]*)\s*$/

/** A value in one spelling: numbers in the setting's own unit, words in small letters. Undefined when it is no value of its type. */
export function canonical(setting: Pick<Setting, 'vartype' | 'unit' | 'enumvals'>, text: string): string | undefined {
  switch (setting.vartype) {
    case 'bool':
      return bool(text)
    case 'integer':
    case 'real':
      return number(setting, text)
    case 'enum':
      return word(setting.enumvals ?? [], text)
    case 'string':
      return text
  }
}

/** A boolean's spellings: every unambiguous beginning of true, false, yes, no; on, off, 1, 0. */
function bool(text: string): 'on' | 'off' | undefined {
  const word = text.trim().toLowerCase()
  if (word === '') return undefined
  if ('true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on' || word === '1') return 'on'
  if ('false'.startsWith(word) || 'no'.startsWith(word) || ['of', 'off', '0'].includes(word)) return 'off'
  return undefined
}

function number({ unit, vartype }: Pick<Setting, 'vartype' | 'unit'>, text: string): string | undefined {
  const [, digits, suffix = ''] = numberText.exec(text) ?? []
  if (digits === undefined) return undefined
  // A leading zero means octal where a whole number is wanted.
  const plain = vartype === 'integer' && /^[-+]?0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits)
  const base = baseUnit(unit)
  if (suffix === '') return shown(plain, vartype)
  const sizes = base === undefined ? undefined : base.unit in memory ? memory : time
  const factor = sizes?.[suffix]
  const own = base === undefined ? undefined : sizes?.[base.unit]
  if (base === undefined || factor === undefined || own === undefined) return undefined
  return shown((plain * factor) / (own * base.count), vartype)
}

function shown(value: number, vartype: string): string {
  return String(vartype === 'integer' ? Math.round(value) : Number(value.toPrecision(12)))
}

/** `8kB` is eight of `kB`. */
function baseUnit(unit: string | null): { count: number; unit: string } | undefined {
  const [, count = '', name = ''] = /^(\d*)([A-Za-z]+)$/.exec(unit ?? '') ?? []
  return name === '' ? undefined : { count: count === '' ? 1 : Number(count), unit: name }
}

function word(known: readonly string[], text: string): string | undefined {
  const lower = text.trim().toLowerCase()
  if (known.includes(lower)) return lower
  const asBool = bool(lower)
  if (asBool !== undefined && known.includes(asBool)) return asBool
  // Spellings that the server takes and does not list.
  const hidden: Readonly<Record<string, string>> = { debug: 'debug2', hot_standby: 'replica', archive: 'replica' }
  return known.find((name) => name === hidden[lower])
}

/** Do both mean the same? Without knowing the setting (the server is down) only what is written alike, or is one number, size or truth value. */
export function sameValue(setting: Setting | undefined, one: string, other: string): boolean {
  if (one === other) return true
  if (setting !== undefined) {
    const value = canonical(setting, one)
    return value !== undefined && value === canonical(setting, other)
  }
  return (
    ['B', 'us'].some((unit) => {
      const guess = { vartype: 'real', unit, enumvals: null } as const
      const value = canonical(guess, one)
      return value !== undefined && hasUnit(one) === hasUnit(other) && value === canonical(guess, other)
    }) ||
    (wordBool(one) !== undefined && wordBool(one) === wordBool(other))
  )
}

function hasUnit(text: string): boolean {
  return /[A-Za-z]\s*$/.test(text)
}

function wordBool(text: string): string | undefined {
  return /^\s*(on|off|true|false|yes|no)\s*$/i.test(text) ? bool(text) : undefined
}

/** The reason why the server would refuse a value; undefined when none can be told from here. */
export function complaint(setting: Setting, text: string): string | undefined {
  if (setting.context === 'internal')
    return `${setting.name} cannot be changed: it tells how the server was built or set up`
  const value = canonical(setting, text)
  if (value === undefined) {
    const values = setting.enumvals ?? []
    const wanted =
      setting.vartype === 'enum'
        ? `one of ${values.join(', ')}`
        : setting.vartype === 'bool'
          ? 'on or off'
          : `a number${setting.unit === null ? '' : `, with a unit or in ${setting.unit}`}`
    return `${setting.name} must be ${wanted}, not ${JSON.stringify(text)}${didYouMean(text, values)}`
  }
  if (setting.vartype !== 'integer' && setting.vartype !== 'real') return undefined
  const { min_val: min, max_val: max } = setting
  if ((min === null || Number(value) >= Number(min)) && (max === null || Number(value) <= Number(max))) return undefined
  const unit = setting.unit === null ? '' : ` (${setting.unit})`
  return `${setting.name} must be between ${min} and ${max}${unit}, not ${text}`
}
