/** What `barman status` says, by barman's own words: `Cluster state` → `in production`. */
export function parseStatus(output: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    output.split('\n').flatMap((line) => {
      const [, name, value] = /^\t([^:]+): (.*)$/.exec(line) ?? []
      return name === undefined ? [] : [[name, value ?? ''] as const]
    }),
  )
}
