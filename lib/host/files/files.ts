/** What lies at a path, as `lstat` sees it (or `stat`, with `follow`). */
export interface FileStat {
  /** The path as it was asked for. */
  readonly path: string
  /** What kind of file it is. */
  readonly type: 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'block' | 'character'
  /** Permission bits with setuid, setgid and sticky: 0o644. */
  readonly mode: number
  /** The number of the user who owns it. */
  readonly uid: number
  /** The number of its group. */
  readonly gid: number
  /** The name of the user who owns it; the number as text when no user has it. */
  readonly owner: string
  /** The name of its group; the number as text when no group has it. */
  readonly group: string
  /** Its length in bytes. */
  readonly size: number
  /** Seconds since the epoch. A file written by a simulated run has `Infinity`: newer than anything that is. */
  readonly mtime: number
  /** When it was last read, in seconds since the epoch. */
  readonly atime?: number
  /** When its inode last changed, in seconds since the epoch. */
  readonly ctime?: number
  /** The number of its inode. */
  readonly inode: number
  /** The number of hard links. */
  readonly links: number
  /** The number of the device it is on. */
  readonly device?: number
  /** Where a symbolic link points, as it is written there. */
  readonly target?: string
}

/** Who owns a file and what its permissions are. `mode` as Ansible writes it: `'0644'`, `'u=rw,g=r'`. */
export interface FileAttributes {
  /** The name of the user who owns it, or the number as text. */
  readonly owner?: string | undefined
  /** The name of the group, or the number as text. */
  readonly group?: string | undefined
  /** The permissions: `'0644'`, `'u=rw,g=r'`. */
  readonly mode?: string | undefined
}

/** What a plan found at a path (links followed): the SHA-256 of the content in hexadecimal, or nothing. */
export type Expected =
  | {
      /** The SHA-256 of the content in hexadecimal. */
      readonly sha256: string
    }
  | 'nothing'

/** How a file is written. */
export interface WriteOptions extends FileAttributes {
  /** Replace the file only if this is still there; otherwise nothing is written, and `ChangedSincePlan` is thrown. */
  readonly expected?: Expected | undefined
  /** A command that must accept the new content before it takes the place of the old; `%s` stands for the temporary file. */
  readonly validate?: string | undefined
  /** Keep the old file beside it, as `PATH.PID.DATE@TIME~`; its path is returned. */
  readonly backup?: boolean | undefined
  /** Is a link at the path followed (as it is by default), or replaced by the file? */
  readonly follow?: boolean | undefined
  /** Where the file cannot be replaced (a file mounted into a container), overwrite it in place, which others may see half done. */
  readonly unsafe?: boolean | undefined
}

/** What becomes of a file's times: set to now, or left as they are. */
export interface Times {
  /** The time of the last change; `now` by default. */
  readonly modification?: 'now' | 'preserve' | undefined
  /** The time of the last reading; `now` by default. */
  readonly access?: 'now' | 'preserve' | undefined
}

/** The checksums that a host computes. */
export type ChecksumAlgorithm = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

/** How a file is hashed. */
export interface HashingOptions {
  /** The file is large, so the fastest program of the host is worth a try. */
  readonly long?: boolean | undefined
}

/** The files of a host, to read. */
export interface FileReader {
  /** What is there; undefined when nothing is. Symbolic links are not followed unless asked. */
  stat(path: string, options?: { readonly follow?: boolean }): Promise<FileStat | undefined>
  /** The whole content of a file (links are followed); undefined when nothing is there. */
  read(path: string): Promise<Buffer | undefined>
  /** Its checksum in hexadecimal, computed on the host; undefined when nothing is there. */
  checksum(path: string, algorithm: ChecksumAlgorithm, options?: HashingOptions): Promise<string | undefined>
  /** Its SHA-256 in hexadecimal, computed on the host; undefined when nothing is there. */
  sha256(path: string, options?: HashingOptions): Promise<string | undefined>
  /** The names in a directory, sorted; undefined when there is no directory. */
  list(path: string): Promise<readonly string[] | undefined>
  /** Every path below a directory with its stat, the directory itself first; undefined when it is not there. */
  tree(path: string): Promise<readonly FileStat[] | undefined>
  /** The permission bits that new files of this user do not get. */
  umask(): Promise<number>
}

/** The files of a host, to read and to write. */
export interface FileWriter extends FileReader {
  /**
   * Replaces a file whole and atomically: a temporary file in the same folder, owner and mode set, `validate` run, synced, renamed. Existing owner and
   * mode are kept where none are given; a new file gets 0644 less the umask. A link at the path is followed, unless told otherwise.
   * @returns the path of the backup, when one was asked for and there was something to keep.
   */
  write(path: string, content: Buffer, options?: WriteOptions): Promise<string | undefined>
  /** Sends a file of this machine, streamed in a channel of its own; otherwise as {@link write}. */
  upload(path: string, source: string, options?: WriteOptions): Promise<string | undefined>
  /** Makes a file's content that of another file of the host, byte by byte, without passing through this machine; otherwise as {@link write}. */
  copy(path: string, source: string, options?: WriteOptions): Promise<string | undefined>
  /**
   * Writes many files, each as {@link write}, {@link upload} or {@link copy} do, with far fewer requests and programs. When one fails, others of them may have
   * been written.
   */
  writeAll(files: readonly FileToWrite[]): Promise<void>
  /** Makes a directory and its missing parents; the attributes go to all that are made. */
  makeDirectory(path: string, attributes?: FileAttributes): Promise<void>
  /** The same for many of them, with one request and a program or two. */
  makeDirectories(paths: readonly string[], attributes?: FileAttributes): Promise<void>
  /** Sets owner, group and mode; with `recurse` of everything below too. A link is changed itself, unless it is to be followed. */
  setAttributes(
    path: string,
    attributes: FileAttributes,
    options?: { readonly recurse?: boolean; readonly follow?: boolean },
  ): Promise<void>
  /** A link, replacing atomically what link or file is there. */
  link(path: string, target: string, kind: 'symbolic' | 'hard'): Promise<void>
  /** Sets the times of what is there to now (unless they are to be preserved), or makes an empty file. */
  touch(path: string, times?: Times): Promise<void>
  /** Removes whatever is there, directories with all they hold. */
  remove(path: string): Promise<void>
}

/** Where the content of a file is: here, in a file of this machine, or in another file of the host. */
export type FileContent =
  | {
      /** Here, in memory. */
      readonly in: 'memory'
      /** The content. */
      readonly bytes: Buffer
    }
  | {
      /** In a file of this machine. */
      readonly in: 'file'
      /** The path of the file on this machine. */
      readonly path: string
    }
  | {
      /** In another file of the host. */
      readonly in: 'host'
      /** The path of the file on the host. */
      readonly path: string
    }

/** A file that is to have a content. */
export interface FileToWrite {
  /** Where it is written. */
  readonly path: string
  /** What is written. */
  readonly content: FileContent
  /** Owner, group, mode and the rest, as for {@link FileWriter.write}. */
  readonly options: WriteOptions
}
