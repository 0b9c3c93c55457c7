/** What a zone file says. */
export interface Zone {
  /** The zone's name. */
  readonly name: string
  /** The name server it names. */
  readonly name_server: string
  /** The mail address of whoever cares for it, in DNS's form. */
  readonly contact: string
  /** Seconds for which an answer may be kept. */
  readonly ttl: number
  /** Its records. */
  readonly records: readonly { readonly name: string; readonly type: string; readonly value: string }[]
}

const mark = '; serial'

/** Does a record of this name belong to the zone? A name without a dot at its end is always meant within it. */
export function liesIn(zone: string, name: string): boolean {
  if (!name.endsWith('.')) return true
  const origin = zone.toLowerCase().replace(/\.?$/, '.')
  return origin === '.' || `.${name.toLowerCase()}`.endsWith(`.${origin}`)
}

/** The serial of a file that {@link zoneText} made; nothing for any other. */
export function serialOf(text: string): number | undefined {
  // Blanks of one line only: searched over line ends, a file of empty lines would be read once for each of them.
  const found = new RegExp(`^[ \\t]*(\\d+)[ \\t]*${mark}$`, 'm').exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** The text of a zone file, with this serial. */
export function zoneText({ name, name_server, contact, ttl, records }: Zone, serial: number): string {
  return [
    `$ORIGIN ${name.replace(/\.?$/, '.')}`,
    `$TTL ${ttl}`,
    `@ IN SOA ${name_server} ${contact} (`,
    `  ${serial} ${mark}`,
    '  3600 ; refresh',
    '  900 ; retry',
    '  604800 ; expire',
    '  60 ; for how long a name that is not there may be remembered',
    ')',
    `@ IN NS ${name_server}`,
    ...records.map((record) => `${record.name} IN ${record.type} ${record.value}`),
    '',
  ].join('\n')
}
