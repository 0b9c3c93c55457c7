export { planCopyOnHost } from './copied-on-host.ts'
export { planTree, treeDestination, type TreeEntry, type FileStep } from './copied-tree.ts'
export {
  type CopyParams,
  type CopyResult,
  lookAtDestination,
  planCopy,
  planSending,
  type DestinationSight,
} from './copied.ts'
export { hashOfFileNow, sourceFile, type SourceFile } from './source-file.ts'
export { isDirectory, sourceTree, type EntryOf, type SourceEntry } from './source-tree.ts'
export type { HashName } from './hash-thread.ts'
export type { Sending } from './sending.ts'
