/** Works on so many at once, in their order. What fails ends it, when those that have begun are done. */
export async function inChunks<T>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < items.length; start += size) {
    const done = await Promise.allSettled(items.slice(start, start + size).map(work))
    const failed = done.find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }
}
