import { printableName } from '../printable.ts'
import type { Counts } from '../events/event.ts'
import { piece, type Piece, type Style } from './paint.ts'

const columns: readonly (readonly [keyof Counts, Style])[] = [
  ['ok', 'ok'],
  ['changed', 'changed'],
  ['unreachable', 'unreachable'],
  ['failed', 'failed'],
  ['skipped', 'skipped'],
  ['rescued', 'ok'],
  ['ignored', 'warning'],
]

/** Ansible's recap, a line for each host in the order of their names. Scripts read it: not a blank may differ. */
export function recapPieces(hosts: Readonly<Record<string, Counts>>): readonly Piece[] {
  const names = Object.keys(hosts).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return names.flatMap((host) => recapLine(host, hosts[host] as Counts))
}

function recapLine(host: string, counts: Counts): readonly Piece[] {
  const numbers = columns.flatMap(([name, style]) => [
    piece('plain', ' '),
    piece(counts[name] === 0 ? 'plain' : style, `${name}=${String(counts[name]).padEnd(4)}`),
  ])
  return [
    piece(hostStyle(counts), printableName(host).padEnd(26)),
    piece('plain', ' :'),
    ...numbers,
    piece('plain', '\n'),
  ]
}

function hostStyle({ failed, unreachable, changed }: Counts): Style {
  if (failed > 0 || unreachable > 0) return 'failed'
  return changed > 0 ? 'changed' : 'ok'
}
