import { lines, quote, raw, sh, type Script } from '../../../quote.ts'
import { arrival } from '../scripts/arrival.ts'
import type { FileAttributes } from '../files.ts'
import { pathWord } from '../host-path.ts'
import { settling } from '../scripts/settle-script.ts'

/** An account as chown takes it: `owner:group`, `owner` or `:group`; undefined when neither is given. */
export function account({ owner, group }: FileAttributes): string | undefined {
  if (owner === undefined && group === undefined) return undefined
  return quote(`${owner ?? ''}${group === undefined ? '' : `:${group}`}`)
}

/** Five octal digits: GNU chmod keeps setuid and setgid of directories when there are fewer. */
export function octal(bits: number): string {
  return bits.toString(8).padStart(5, '0')
}

/** `mode` as octal digits. A link that is not followed has an owner of its own and no mode. `unique` names a stage. */
export function attributesScript(path: string, attributes: FileAttributes, follow: boolean, unique: string): Script {
  const owner = raw(account(attributes) ?? "''")
  return lines(
    arrival,
    settling,
    sh`arrive ${pathWord(path)} ${follow ? 'follow' : ''} && inside || exit 1
settle .hostwright.${unique} ${owner} ${attributes.mode ?? ''} "$f"`,
  )
}
