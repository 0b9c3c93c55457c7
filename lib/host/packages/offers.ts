/** What the host's sources offer of one package. */
export interface Offer {
  readonly candidate?: string
  /** All versions, the newest first. */
  readonly versions: readonly string[]
}

/** The output of `apt-cache policy NAME…`. */
export function parsePolicy(text: string): ReadonlyMap<string, Offer> {
  const offers = new Map<string, Offer>()
  let name = ''
  for (const line of text.split('\n')) {
    const head = /^(\S+):$/.exec(line)?.[1]
    if (head !== undefined) offers.set((name = head), { versions: [] })
    const offer = offers.get(name)
    if (offer === undefined) continue
    const candidate = /^ {2}Candidate: (\S+)$/.exec(line)?.[1]
    const version = /^ (?:\*\*\*|   ) (\S+) -?\d+$/.exec(line)?.[1]
    if (candidate !== undefined && candidate !== '(none)') offers.set(name, { ...offer, candidate })
    if (version !== undefined) offers.set(name, { ...offer, versions: [...offer.versions, version] })
  }
  return offers
}

/** Who provides each package, from the output of `apt-cache showpkg NAME…`. */
export function parseProviders(text: string): ReadonlyMap<string, readonly { name: string; version: string }[]> {
  const providers = new Map<string, { name: string; version: string }[]>()
  let name = ''
  let inside = false
  for (const line of text.split('\n')) {
    const head = /^Package: (\S+)/.exec(line)?.[1]
    if (head !== undefined) [name, inside] = [head, false]
    else if (line.startsWith('Reverse Provides:')) inside = true
    else if (inside) {
      const [provider = '', version = ''] = line.trim().split(' ')
      if (provider !== '') providers.set(name, [...(providers.get(name) ?? []), { name: provider, version }])
    }
  }
  return providers
}
