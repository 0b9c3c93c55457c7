/** The controller of a benchmark runs on the lab's own network, so nobody needs the way in through a proxy. */
export const withoutProxy = (inventory: string): string => inventory.replace(/ -o ProxyCommand="[^"]*"/g, '')

const isHost = (line: string): boolean => /^\S+ ansible_host=/.test(line)

/** Only the first so many hosts. */
export function firstHosts(inventory: string, count: number): string {
  let seen = 0
  const keep = (line: string): boolean => {
    if (isHost(line)) seen += 1
    return !isHost(line) || seen <= count
  }
  return inventory.split('\n').filter(keep).join('\n')
}

/** Where a host of an inventory is. */
export interface Place {
  readonly name: string
  readonly address: string
  readonly port: string
}

export const hostsIn = (inventory: string): readonly Place[] =>
  inventory
    .split('\n')
    .filter(isHost)
    .map((line) => ({
      name: line.split(' ')[0] ?? '',
      address: /ansible_host=(\S+)/.exec(line)?.[1] ?? '',
      port: /ansible_port=(\S+)/.exec(line)?.[1] ?? '22',
    }))

/** More variables of all hosts. The lab writes those last. */
export const withVars = (inventory: string, vars: Readonly<Record<string, string>>): string =>
  `${inventory.trimEnd()}\n${Object.entries(vars)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')}`

/** The same hosts, each at a port of one address, known by the keys of another file. */
export const relayed = (
  inventory: string,
  address: string,
  ports: Readonly<Record<string, number>>,
  knownHosts: string,
): string =>
  inventory
    .replace(/UserKnownHostsFile=\S+/, `UserKnownHostsFile=${knownHosts}`)
    .split('\n')
    .map((line) => {
      const port = ports[line.split(' ')[0] ?? '']
      return isHost(line) && port !== undefined
        ? line.replace(/ansible_host=\S+/, `ansible_host=${address} ansible_port=${port}`)
        : line
    })
    .join('\n')
