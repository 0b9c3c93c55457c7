interface Trouble {
  /** Goes behind the name of the file. */
  readonly what: string
  readonly next: string
}

const troubles: Readonly<Record<string, Trouble>> = {
  ENOENT: { what: 'does not exist', next: 'correct the path, or make the file' },
  ENOTDIR: { what: 'does not exist: a folder on the way to it is a file', next: 'correct the path' },
  EACCES: { what: 'may not be read', next: 'see its owner and permissions, and those of the folders it is in: ls -l' },
  EPERM: { what: 'may not be read', next: 'see its owner and permissions, and those of the folders it is in: ls -l' },
  EISDIR: { what: 'is a folder', next: 'name a file in it' },
  ELOOP: { what: 'is a link that leads to itself', next: 'correct the link' },
}

/** Why a file of this machine cannot be read, in words instead of Node's. */
export function unreadableFile(thrown: unknown): Trouble {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return troubles[code] ?? { what: `cannot be read: ${reason}`, next: 'see whether it can be read by hand' }
}
