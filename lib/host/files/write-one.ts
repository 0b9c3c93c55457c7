import type { FileToWrite, FileWriter } from './files.ts'

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
