import fc from 'fast-check'

/** How many values a property is drawn for: `npm run test:long` draws 10,000. */
export const draws = Number(process.env['HOSTWRIGHT_VALUES'] ?? 500)

/** Pieces that mean something to one format or another. */
const pieces = [
  ...[
    '\n',
    '\r',
    '\r\n',
    '\0',
    '\t',
    ' ',
    '\v',
    '\f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\x7f',
    '\x1b',
  ],
  ...[
    '"',
    "'",
    '`',
    '\\',
    '\\n',
    '\\"',
    "\\'",
    '""',
    "''",
    '#',
    ' #',
    ';',
    '%',
    '%%',
    '%n',
    '$',
    '$$',
    '$(x)',
    '${HOME}',
  ],
  ...[
    ':',
    ',',
    '!',
    '=',
    '@',
    '+',
    '*',
    '?',
    '|',
    '&',
    '~',
    '^',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '<',
    '>',
    '/',
    '-',
    '--x',
    '.',
  ],
  ...[
    'all',
    'replication',
    'trust',
    'ALL',
    'DEFAULT',
    'null',
    'yes',
    '0',
    '1e3',
    'é',
    'Ċ',
    '漢字',
    '🐘',
    '\ud800',
    '<%= 1 %>',
  ],
  ...[
    '\nlocal all all trust',
    '\n* * * * * root id',
    '\n[x]\ny = 1',
    '\nssh-ed25519 AAAA',
    '"; }; x { ',
    ' port 1',
    '% 1',
  ],
]
const ordinary = [
  'db1',
  'replicator',
  '10.0.0.1',
  'correct horse',
  'p4ss:w0rd',
  '*/5',
  'fd00::1',
  'pg_1',
  'x'.repeat(70),
]

/** Text as an attacker, a password generator or somebody's surname writes it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...ordinary)), { maxLength: 4 })
      .map((some) => some.join('')),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.constantFrom(...ordinary) },
  { weight: 1, arbitrary: fc.constantFrom(...pieces).map((piece) => `${'long '.repeat(60)}${piece}end`) },
)

/** The values of one draw, the same for the same seed; the seed is told by {@link drawnFrom}. */
export function hostileValues(count = draws): readonly string[] {
  return fc.sample(hostileText, { numRuns: count, seed })
}

const seed = Number(process.env['HOSTWRIGHT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
export const drawnFrom = `HOSTWRIGHT_SEED=${seed}`
