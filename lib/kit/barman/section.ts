import { encodingComplaints } from '../../encode/cannot-encode.ts'
import { barmanValue } from '../../encode/ini.ts'
import { didYouMean } from '../../schema/index.ts'
import { globalOptions, namedOptions, otherOptions } from './options.ts'

/** A value of an option. */
export type OptionValue = string | number | boolean
/** The options of a server that have a parameter of their own. */
export type NamedOptions = { readonly [K in (typeof namedOptions)[number]]?: OptionValue }
/** Other options of a server, by name. */
export type Options = Readonly<Record<string, OptionValue>>

export const managed = '; Managed by hostwright: what is changed here by hand is overwritten.'

/** A server's section as barman's configuration has it. Booleans are written on and off. */
export function renderSection(name: string, named: NamedOptions, others: Options): string {
  const lines = entriesOf(named, others).map(([option, value]) => `${option} = ${rendered(value)}`)
  return `${[managed, `[${name}]`, ...lines].join('\n')}\n`
}

function entriesOf(named: NamedOptions, others: Options): readonly (readonly [string, OptionValue])[] {
  const given = namedOptions.flatMap((option) => {
    const value = named[option]
    return value === undefined ? [] : [[option, value] as const]
  })
  return [...given, ...Object.entries(others)]
}

function rendered(value: OptionValue): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : barmanValue(String(value))
}

/** Complaints about values that barman would fail on, or ignore silently. */
export function sectionComplaints(named: NamedOptions, others: Options): readonly string[] {
  const known: readonly string[] = [...namedOptions, ...otherOptions]
  return [
    ...Object.keys(others).flatMap((option) => {
      if ((namedOptions as readonly string[]).includes(option))
        return [`"options" has "${option}", which is a parameter of its own`]
      if ((globalOptions as readonly string[]).includes(option))
        return [`"${option}" is an option of barman as a whole: it belongs to /etc/barman.conf, not to a server`]
      return known.includes(option) ? [] : [`barman has no option "${option}"${didYouMean(option, known)}`]
    }),
    ...entriesOf(named, others).flatMap(([option, value]) => [
      ...(String(value).includes('%')
        ? [`"${option}" has a %: barman's releases read it differently, and most then refuse their whole configuration`]
        : encodingComplaints(option, () => rendered(value))),
      ...(option.endsWith('conninfo') && typeof value === 'string' && hasPassword(value)
        ? [
            `"${option}" holds a password, which everybody on the host could read: put it into ~barman/.pgpass, with mode 0600`,
          ]
        : []),
    ]),
  ]
}

/** In `host=… password=…` as in `postgresql://user:password@host/…` and its query. */
export function hasPassword(conninfo: string): boolean {
  return /(^|[\s?&])password\s*=/i.test(conninfo) || /^postgres(ql)?:\/\/[^/@:]*:[^/@]+@/i.test(conninfo)
}
