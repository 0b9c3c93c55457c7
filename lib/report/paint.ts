import { printable } from '../printable.ts'
import { mask } from '../secret.ts'

/** What a piece of text means; how that looks is decided in {@link paint}. Ansible's colours. */
export type Style =
  | 'plain'
  | 'ok'
  | 'changed'
  | 'skipped'
  | 'failed'
  | 'unreachable'
  | 'warning'
  | 'quiet'
  | 'added'
  | 'removed'
  | 'strong'

export interface Piece {
  readonly style: Style
  readonly text: string
}

const codes: Readonly<Record<Style, string>> = {
  plain: '',
  ok: '32',
  changed: '33',
  skipped: '36',
  failed: '31',
  unreachable: '1;31',
  warning: '1;35',
  quiet: '90',
  added: '32',
  removed: '31',
  strong: '1',
}

export function piece(style: Style, text: string): Piece {
  return { style, text }
}

/**
 * The pieces as text for a terminal or a file. Secrets are masked here once more, whoever forgot them; and what hosts say cannot
 * steer the terminal: control characters are shown, not sent.
 */
export function paint(pieces: readonly Piece[], colour: boolean): string {
  return pieces.map(({ style, text }) => paintPiece(codes[style], printable(mask(text)), colour)).join('')
}

function paintPiece(code: string, text: string, colour: boolean): string {
  if (!colour || code === '') return text
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `\x1b[${code}m${line}\x1b[0m`))
    .join('\n')
}
