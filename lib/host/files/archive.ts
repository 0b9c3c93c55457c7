/** A file of an archive. */
export interface Archived {
  /** Where it is to be, from the folder in which the archive is unpacked. */
  readonly name: string
  readonly bytes: Buffer
}

const block = 512
/** What fits into a header; a longer name stands before it as a file of its own. */
const longestName = 100

/** Files as GNU tar archives them, which busybox reads too. Only the content counts: owner, mode and times are those of whoever unpacks. */
export function archive(files: readonly Archived[]): Buffer {
  return Buffer.concat([...files.flatMap(entry), Buffer.alloc(2 * block)])
}

function entry({ name, bytes }: Archived): readonly Buffer[] {
  const path = Buffer.from(name)
  const long = Buffer.concat([path, Buffer.alloc(1)])
  return [
    ...(path.length > longestName ? [header(Buffer.from('././@LongLink'), long.length, 'L'), ...padded(long)] : []),
    header(path, bytes.length, '0'),
    ...padded(bytes),
  ]
}

function header(path: Buffer, size: number, type: '0' | 'L'): Buffer {
  const bytes = Buffer.alloc(block)
  path.copy(bytes, 0, 0, longestName)
  bytes.write('0000600\0', 100)
  bytes.write('0000000\0', 108)
  bytes.write('0000000\0', 116)
  bytes.write(`${size.toString(8).padStart(11, '0')} `, 124)
  bytes.write('00000000000 ', 136)
  // While it is summed, the place of the sum holds spaces.
  bytes.write(`        ${type}`, 148)
  bytes.write('ustar  \0', 257)
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0`, 148)
  return bytes
}

function padded(bytes: Buffer): readonly Buffer[] {
  return [bytes, Buffer.alloc((block - (bytes.length % block)) % block)]
}
