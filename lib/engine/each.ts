/**
 * Does something for each host, at most `forks` at a time, and takes the outcomes in the order of the hosts, as early as that order allows.
 */
export async function eachInOrder<T>(
  hosts: readonly string[],
  forks: number,
  perform: (host: string) => Promise<T>,
  take: (host: string, outcome: T) => void,
): Promise<void> {
  const done = new Map<number, T>()
  let next = 0
  let taken = 0
  const worker = async (): Promise<void> => {
    while (next < hosts.length) {
      const index = next++
      done.set(index, await perform(hosts[index] ?? ''))
      for (; done.has(taken); taken++) {
        take(hosts[taken] ?? '', done.get(taken) as T)
        done.delete(taken)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(forks, hosts.length)) }, worker))
}
