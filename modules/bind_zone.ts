import { choice, defineModule, encode, encodingComplaints, Type, withDefault, type Plan } from '../lib/index.ts'
import { liesIn, serialOf, zoneText } from '../lib/kit/bind/zone.ts'
import { planCopy, type CopyResult } from '../lib/kit/files/copy/copied.ts'

/**
 * A zone of the name server BIND: its file, whose serial goes up by one whenever its records change, and only then. What named-checkzone refuses does not
 * take the place of what is there. Have named read it by `service({ name: 'named', state: 'reloaded' })` in a handler.
 *
 * Follows https://bind9.readthedocs.io/en/stable/chapter3.html (zone files) and RFC 1982 (serials).
 *
 * @throws when named-checkzone refuses the zone, with what it says.
 * @example
 * bind_zone({ name: 'db.internal', path: '/etc/bind/db.db.internal', name_server: 'ns.db.internal.', records: [{ name: 'ns', type: 'A', value: '10.0.0.1' }] })
 */
export const bind_zone = defineModule({
  name: 'bind_zone',
  summary: 'A zone file of BIND.',
  params: {
    name: Type.String({
      pattern: '^[A-Za-z0-9._/][A-Za-z0-9._/-]*$',
      description: 'The zone: db.internal, 0.0.10.in-addr.arpa.',
    }),
    path: Type.String({ pattern: '^/', description: 'Its file.' }),
    name_server: Type.String({
      pattern: '^[A-Za-z0-9._-]+\\.$',
      description: 'Who answers for it, with a dot at the end.',
    }),
    contact: withDefault(
      Type.String({ pattern: '^[A-Za-z0-9._-]+$', description: 'Who is responsible, as the file has it.' }),
      'hostmaster',
    ),
    ttl: withDefault(Type.Integer({ minimum: 1, description: 'Seconds for which others may keep an answer.' }), 300),
    records: Type.Array(
      Type.Object({
        name: Type.String({
          description: 'The name, from the zone; `@` is the zone itself.',
          pattern: '^[A-Za-z0-9@*._-]+$',
        }),
        type: choice(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TXT'], {
          description: 'The type of the record.',
        }),
        value: Type.String({ description: 'The value, as a zone file has it.', pattern: '^[^\\n]+$' }),
      }),
      { description: 'Its records, as a zone file has them.' },
    ),
    owner: withDefault(Type.String({ description: 'The owner of the file.' }), 'root'),
    group: withDefault(Type.String({ description: 'The group of the file.' }), 'bind'),
  },
  examples: [
    {
      name: 'Two names',
      params: {
        name: 'db.internal',
        path: '/etc/bind/db.db.internal',
        name_server: 'ns.db.internal.',
        records: [
          { name: 'ns', type: 'A', value: '10.0.0.1' },
          { name: 'pg01', type: 'A', value: '10.0.0.2' },
        ],
      },
    },
  ],
  check: ({ name: zone, records }) =>
    records.flatMap(({ name, value }, i) => [
      ...(liesIn(zone, name) ? [] : [`records[${i}].name: ${name} is outside the zone ${zone}: BIND would ignore it`]),
      ...encodingComplaints(`records[${i}].value`, () => encode.zoneData(value)),
    ]),
  plan: async ({ path, owner, group, ...zone }, host): Promise<Plan<CopyResult>> => {
    const now = (await host.files.read(path))?.toString()
    const serial = serialOf(now ?? '')
    const kept = zoneText(zone, serial ?? 1)
    const text = now === undefined || now === kept ? kept : zoneText(zone, ((serial ?? 0) % 0xffffffff) + 1)
    return planCopy(
      host,
      {
        ...{ dest: path, owner, group, mode: '0644', force: true, follow: false, backup: false, unsafe_writes: false },
        validate: `named-checkzone -q ${zone.name} %s || named-checkzone ${zone.name} %s`,
      },
      { bytes: Buffer.from(text) },
    )
  },
})
