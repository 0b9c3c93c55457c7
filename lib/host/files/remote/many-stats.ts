import { raw, sh, type Script } from '../../../quote.ts'
import type { FileStat } from '../files.ts'
import { gone, pathWords, type Found } from '../presence.ts'
import { isStatLine, parseStat, statFormat } from './stat-line.ts'

/** The stat of a path, and of the target if it is a link. */
export interface Look {
  readonly stat: FileStat
  /** Undefined for what is no link, for a link that leads nowhere, and where it could not be told. */
  readonly leadsTo: FileStat | undefined
}

/**
 * Prints the umask, which costs nothing here, a letter for each path (a link, one that leads nowhere, something other, nothing, unsure), a line of `stat` for each that is there, where the links
 * point, each with a NUL behind it, and a line of `stat` for what each leads to. One program for all paths, and some more for links. Paths are picked by their numbers,
 * for `set -- "$@" …` would copy the whole list each time.
 */
export function statsScript(paths: readonly string[]): Script {
  return sh`exec 2>/dev/null
umask
${gone}
look() { exec stat -c ${raw(`'${statFormat}'`)} "$@"; }
targets() { for p do readlink -n -- "$p"; printf '\\000'; done; }
set -- ${pathWords(paths)}
i=0 c= all= links= leading=
for p do
  i=$((i+1)) w='"\${'$i'}"'
  if [ -h "$p" ]; then
    links="$links $w"
    if [ -e "$p" ]; then c=$c"l" leading="$leading $w"; else c=$c"d"; fi
  elif [ -e "$p" ]; then c=$c"o"
  elif gone "$p"; then c=$c-; continue
  else c=$c"?"; continue
  fi
  all="$all $w"
done
printf '%s\n' "$c"
[ -n "$all" ] || exit 0
[ -n "$links" ] || eval "look -- $all"
(eval "look -- $all")
eval "targets $links"
[ -z "$leading" ] || eval "look -L -- $leading"`
}

export interface Looks {
  readonly found: readonly Found<Look>[]
  /** The permission bits that new files do not get; NaN when that could not be told. */
  readonly umask: number
}

/** The answers in the output of {@link statsScript}. Where it does not add up, because something came or went meanwhile, they are unsure. */
export function parseStats(paths: readonly string[], output: string): Looks {
  const [umask = '', letters = '', ...lines] = output.split('\n')
  const count = (kinds: RegExp) => letters.match(kinds)?.length ?? 0
  const stats = lines.slice(0, count(/[ldo]/g))
  const parts = lines.slice(stats.length).join('\n').split('\0')
  const targets = parts.slice(0, -1)
  const followed = (parts.at(-1) ?? '').split('\n').slice(0, -1)
  const complete = letters.length === paths.length
  const addsUp = complete && stats.every(isStatLine) && targets.length === count(/[ld]/g) && !targets.includes('')
  const linksAddUp = followed.length === count(/l/g) && followed.every(isStatLine)

  const found = paths.map((path, i): Found<Look> => {
    const letter = letters[i]
    if (complete && letter === '-') return { is: 'nothing' }
    if (!addsUp || letter === '?') return { is: 'unsure' }
    const stat = parseStat(path, stats.shift() ?? '', letter === 'o' ? undefined : targets.shift())
    const line = letter === 'l' && linksAddUp ? followed.shift() : undefined
    const leadsTo = line === undefined ? undefined : parseStat(path, line)
    return (stat.type === 'link') === (letter === 'o') ? { is: 'unsure' } : { is: 'there', value: { stat, leadsTo } }
  })
  return { found, umask: parseInt(umask, 8) }
}
