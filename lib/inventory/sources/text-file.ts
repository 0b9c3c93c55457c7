import { readFile } from 'node:fs/promises'
import { HostwrightError } from '../../error.ts'
import { unreadableFile } from '../../unreadable-file.ts'
import { inputError } from '../model.ts'
import { decryptVault, isVaultText, type VaultPassword } from '../vault/vault.ts'

export interface TextFile {
  readonly text: string
  /** The whole file is encrypted, so nothing from it is to be shown. */
  readonly secret: boolean
}

/** A file's text, decrypted if all of it is vault text. */
export async function readText(file: string, passwords: readonly VaultPassword[]): Promise<TextFile> {
  const bytes = await read(file)
  const text = decode(bytes, file)
  if (!isVaultText(text)) return { text, secret: false }
  return { text: await decryptVault(text, passwords, { file, line: 1 }), secret: true }
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    const { what, next } = unreadableFile(cause)
    throw new HostwrightError(`this file ${what}`, { kind: 'input', place: { file }, next })
  }
}

/** UTF-8; only comments may hold anything else, and they lose it. */
function decode(bytes: Buffer, file: string): string {
  const whole = utf8(bytes)
  if (whole !== undefined) return whole
  const lines = bytes.toString('latin1').split('\n')
  const texts = lines.map((line, index) => {
    if (/^[#;]/.test(line)) return ''
    const text = utf8(Buffer.from(line, 'latin1'))
    if (text === undefined)
      throw inputError('this line is not UTF-8', { file, line: index + 1 }, 'save the file as UTF-8')
    return text
  })
  return texts.join('\n')
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
