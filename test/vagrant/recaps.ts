export type Recap = Readonly<Record<string, { readonly changed: number; readonly failed: number }>>

const line = /^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/
const colour = /\u001B\[[0-9;]*m/g

/** The recap of each playbook that ran, in the order in which they did. */
export function recaps(text: string): readonly Recap[] {
  return text
    .replace(colour, '')
    .split(/^PLAY RECAP.*$/m)
    .slice(1)
    .map((part) =>
      Object.fromEntries(
        part.split('\n').flatMap((one) => {
          const [, host = '', changed, unreachable, failed] = line.exec(one) ?? []
          return host === '' ? [] : [[host, { changed: Number(changed), failed: Number(unreachable) + Number(failed) }]]
        }),
      ),
    )
}
