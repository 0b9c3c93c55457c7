/** A line of `patronictl list -f json`. */
export interface Listed {
  readonly Member: string
  readonly Role: string
  readonly State: string
  readonly 'Lag in MB'?: number | string
}

export function listed(json: string): readonly Listed[] {
  try {
    const lines: unknown = JSON.parse(json)
    return Array.isArray(lines) ? (lines as readonly Listed[]) : []
  } catch {
    return []
  }
}

/** One leader runs, every other member runs or streams (the word depends on the release), and nobody lags. */
export function inOrder(lines: readonly Listed[], count: number): boolean {
  return (
    lines.length >= count &&
    lines.filter(({ Role }) => Role === 'Leader').length === 1 &&
    lines.every(
      (line) =>
        ['running', 'streaming'].includes(line.State) && (line.Role === 'Leader' || Number(line['Lag in MB']) === 0),
    )
  )
}

export const shown = (lines: readonly Listed[]): string =>
  lines
    .map(({ Member, Role, State, ...rest }) => `${Member}: ${Role}, ${State}, lag ${rest['Lag in MB'] ?? 0}`)
    .join('\n')
