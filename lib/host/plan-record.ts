import { aroundChanges } from './changes.ts'
import type { Expected, FileReader, FileWriter } from './files/files.ts'
import { hostPath } from './files/host-path.ts'
import type { Host, HostReader } from './host.ts'
import { postgresQuestions, type Readers } from './remembered.ts'
import { digest } from '../digest.ts'

/** The content of a file; undefined if there was none. */
type Found = Buffer | undefined

/** Methods that only read. All others change the host. */
const questions: { readonly [P in keyof Readers]: readonly (keyof Readers[P])[] } = {
  files: ['stat', 'read', 'checksum', 'sha256', 'list', 'tree', 'umask'],
  packages: ['states', 'cacheTime', 'names', 'removable'],
  services: ['state', 'units', 'managerNeedsReload'],
  users: ['user', 'group'],
}

/**
 * Records which files a plan read. The apply of that plan replaces a file only if it still has the content that was read. Modules do nothing for this. Only
 * {@link FileWriter.write} compares: uploads, copies and writes of many files do not depend on the old content.
 */
export class PlanRecord {
  readonly #found = new Map<string, Found>()
  #touched = false

  /** Has an apply changed anything of the host? */
  get touched(): boolean {
    return this.#touched
  }

  /** The host for the plan. Records the contents that it reads, also those from the cache. */
  reading(host: HostReader): HostReader {
    return { ...host, files: { ...host.files, read: this.#read(host.files) } }
  }

  /** The host for the apply of that plan. */
  applying(host: Host): Host {
    return {
      ...host,
      files: this.#files(host.files),
      packages: this.#noting(host.packages, questions.packages),
      services: this.#noting(host.services, questions.services),
      users: this.#noting(host.users, questions.users),
      postgres: (address) => this.#noting(host.postgres(address), postgresQuestions),
      run: async (script, options) => {
        const answer = await host.run(script, options)
        // A module's own command may have changed any file: nothing is compared after it.
        this.#found.clear()
        this.#touched ||= answer.status === 0
        return answer
      },
    }
  }

  #read(files: FileReader): FileReader['read'] {
    return async (path) => {
      const content = await files.read(path)
      this.#found.set(hostPath(path), content)
      return content
    }
  }

  #files(files: FileWriter): FileWriter {
    const noting = this.#noting(files, questions.files)
    const replacing =
      <A extends readonly unknown[], T>(replace: (path: string, ...more: A) => Promise<T>) =>
      async (path: string, ...more: A): Promise<T> => {
        const done = await replace(path, ...more)
        this.#found.delete(hostPath(path))
        return done
      }
    return {
      ...noting,
      read: this.#read(files),
      write: async (path, content, options = {}) => {
        const key = hostPath(path)
        const expected = options.expected ?? this.#expected(key)
        const backup = await noting.write(path, content, expected === undefined ? options : { ...options, expected })
        this.#found.set(key, content)
        return backup
      },
      upload: replacing(noting.upload),
      copy: replacing(noting.copy),
      link: replacing(noting.link),
      touch: replacing(noting.touch),
      remove: replacing(noting.remove),
      writeAll: async (all) => {
        await noting.writeAll(all)
        for (const { path } of all) this.#found.delete(hostPath(path))
      },
    }
  }

  #expected(key: string): Expected | undefined {
    if (!this.#found.has(key)) return undefined
    const content = this.#found.get(key)
    // Hashed only now: most plans change nothing.
    return content === undefined ? 'nothing' : { sha256: digest(content) }
  }

  /** Wraps a part of a host: a method that may change the host sets {@link touched}. */
  #noting<T extends object>(part: T, asking: readonly (keyof T)[]): T {
    return aroundChanges(part, asking, async (change) => {
      const done = await change()
      this.#touched = true
      return done
    })
  }
}
