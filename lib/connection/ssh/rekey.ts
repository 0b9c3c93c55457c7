import { createRequire } from 'node:module'

interface Writer {
  readonly _protocol: { readonly _kexinit: Buffer | undefined }
}

/** Where a packet's payload begins: behind its header, or at once in a packet that waits for new keys and gets its header then. */
const headerLength = 5

/**
 * Lets ssh2 go on sending while the host changes keys, as sshd asks after some gigabytes, or after what its RekeyLimit says. ssh2 1.17 makes packets that are
 * to wait until then without room for a header, yet writes their payload behind one: the host sees garbage and closes the connection.
 */
export function mendRekeying(): void {
  const { PacketWriter } = createRequire(import.meta.url)('ssh2/lib/protocol/zlib.js') as {
    PacketWriter: { readonly prototype: Writer }
  }
  Object.defineProperty(PacketWriter.prototype, 'allocStart', {
    configurable: true,
    get(this: Writer) {
      return this._protocol._kexinit === undefined ? headerLength : 0
    },
    set() {
      // The constructor sets it once and for all.
    },
  })
}
