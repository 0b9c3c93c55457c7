import { controlEscapes } from '../../control-escapes.ts'
import { HostwrightError } from '../../error.ts'

const escapes: Readonly<Record<string, string>> = {
  ...controlEscapes,
  '\\': '\\',
}

/**
 * A replacement in Python's syntax, filled in from what was matched: `\1`, `\g<1>`, `\g<name>`, `\n`, `\\`. A group that took no part is empty.
 *
 * @throws HostwrightError of kind `input` for a group the pattern does not have, or an escape that Python does not know either.
 */
export function expand(template: string, match: RegExpExecArray): string {
  return template.replaceAll(
    /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S]))/g,
    (
      whole,
      name: string | undefined,
      octal: string | undefined,
      digits: string | undefined,
      letter: string | undefined,
    ) => {
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff)
      const group = name ?? digits
      if (group !== undefined) return taken(template, match, group)
      const control = escapes[letter ?? '']
      if (control !== undefined) return control
      if (/[A-Za-z]/.test(letter ?? '')) throw unusable(template, `${whole} means nothing`)
      return whole
    },
  )
}

/** Complaints about a replacement for this pattern, whether or not it ever matches. */
export function replacementComplaints(name: string, template: string, expression: RegExp): readonly string[] {
  // An empty alternative matches anything, and its match has every group.
  const match = new RegExp(`${expression.source}|`, expression.flags.replace('g', '')).exec('')
  try {
    if (match !== null) expand(template, match)
    return []
  } catch (error) {
    return [`"${name}": ${error instanceof Error ? error.message : String(error)}`]
  }
}

function taken(template: string, match: RegExpExecArray, group: string): string {
  if (/^\d+$/.test(group)) {
    if (Number(group) >= match.length) throw unusable(template, `the regular expression has no group ${group}`)
    return match[Number(group)] ?? ''
  }
  if (match.groups === undefined || !(group in match.groups))
    throw unusable(template, `the regular expression has no group "${group}"`)
  return match.groups[group] ?? ''
}

function unusable(template: string, why: string): HostwrightError {
  return new HostwrightError(`the replacement ${JSON.stringify(template)} cannot be used: ${why}`, {
    kind: 'input',
    next: 'write \\1 for the first group, \\g<name> for a named one, \\\\ for a backslash',
  })
}
