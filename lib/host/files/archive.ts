/** A file of an archive. */
export interface Archived {
  /** Where it is to be, from the folder in which the archive is unpacked. */
  readonly name: string
  readonly read: () => Buffer
}

const block = 512
/** What fits into a header; a longer name stands before it as a file of its own. */
const longestName = 100

/** What a stream is sent in: larger pieces cost less work each, up to here. */
export const pieceLength = 1 << 18

/** Files as GNU tar archives them, which busybox reads too. Only the content counts: owner, mode and times are those of whoever unpacks. */
export function archive(files: readonly Archived[]): Buffer {
  return Buffer.concat([...blocks(files)])
}

/** The same in pieces, for which each file is read when it is its turn. */
export async function* archiveStream(files: readonly Archived[]): AsyncGenerator<Buffer> {
  let piece: Buffer[] = []
  let length = 0
  for (const bytes of blocks(files)) {
    piece.push(bytes)
    length += bytes.length
    if (length < pieceLength) continue
    yield Buffer.concat(piece)
    piece = []
    length = 0
  }
  yield Buffer.concat(piece)
}

function* blocks(files: readonly Archived[]): Generator<Buffer> {
  for (const { name, read } of files) {
    const path = Buffer.from(name)
    if (path.length > longestName)
      yield* entry(Buffer.from('././@LongLink'), Buffer.concat([path, Buffer.alloc(1)]), 'L')
    yield* entry(path, read(), '0')
  }
  yield Buffer.alloc(2 * block)
}

function* entry(path: Buffer, bytes: Buffer, type: '0' | 'L'): Generator<Buffer> {
  yield header(path, bytes.length, type)
  yield bytes
  yield Buffer.alloc((block - (bytes.length % block)) % block)
}

function header(path: Buffer, size: number, type: '0' | 'L'): Buffer {
  const bytes = Buffer.alloc(block)
  path.copy(bytes, 0, 0, longestName)
  bytes.write('0000600\0', 100)
  bytes.write('0000000\0', 108)
  bytes.write('0000000\0', 116)
  bytes.write(`${size.toString(8).padStart(11, '0')} `, 124)
  bytes.write('00000000000 ', 136)
  // The checksum is computed with spaces in its own field.
  bytes.write(`        ${type}`, 148)
  bytes.write('ustar  \0', 257)
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0`, 148)
  return bytes
}
