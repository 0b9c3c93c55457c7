import { CannotEncode } from '../cannot-encode.ts'
import { notEmpty, without } from '../letters.ts'

/** A name or a pattern of known_hosts: `db1`, `[db1]:2222`, `*.example.com`. @see sshd(8), SSH_KNOWN_HOSTS FILE FORMAT */
export function knownHost(text: string): string {
  const where = 'a host of known_hosts'
  notEmpty(without(text, /[^!-~]|[,"]/, where), where)
  if (/^[!@#|]/.test(text)) throw new CannotEncode(`${where} cannot begin with "${text.slice(0, 1)}"`)
  return text
}
