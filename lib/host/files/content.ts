import type { FileWriter, WriteOptions } from './files.ts'

/** Where the content of a file is: here, in a file of this machine, or in another file of the host. */
export type Content =
  | { readonly in: 'memory'; readonly bytes: Buffer }
  | { readonly in: 'file'; readonly path: string }
  | { readonly in: 'host'; readonly path: string }

/** A file that is to have a content. */
export interface FileToWrite {
  readonly path: string
  readonly content: Content
  readonly options: WriteOptions
}

/** Writes it by the operation that its content calls for. */
export function writeOne(
  files: Pick<FileWriter, 'write' | 'upload' | 'copy'>,
  { path, content, options }: FileToWrite,
): Promise<string | undefined> {
  switch (content.in) {
    case 'memory':
      return files.write(path, content.bytes, options)
    case 'file':
      return files.upload(path, content.path, options)
    case 'host':
      return files.copy(path, content.path, options)
  }
}
