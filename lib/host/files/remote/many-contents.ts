import { raw, sh, type Script } from '../../../quote.ts'
import type { ChecksumAlgorithm } from '../files.ts'
import { gone, pathWords, type Found } from '../presence.ts'

/**
 * Prints a letter for each path (a file that may be read, a directory, nothing, unsure), and then runs a program on the files. Before each stands what is given.
 */
function onFiles(paths: readonly string[], program: Script, before = raw('')): Script {
  return sh`exec 2>/dev/null
${gone}
run() { exec ${program} -- "$@"; }
set -- ${pathWords(paths)}
i=0 c= files=
for p do
  i=$((i+1)) w='"\${'$i'}"'
  if [ -f "$p" ] && [ -r "$p" ]; then c=$c"f" files="$files ${before} $w"
  elif [ -d "$p" ] && [ -r "$p" ]; then c=$c"d"
  elif [ ! -e "$p" ] && gone "$p"; then c=$c-
  else c=$c"?"
  fi
done
printf '%s\n' "$c"
[ -z "$files" ] || eval "run $files"`
}

/** The answers by letter; the files' one after the other from this list. Where it does not add up they are unsure. */
function byLetter<T>(letters: string, paths: readonly string[], found: readonly T[]): readonly Found<T>[] {
  const complete = letters.length === paths.length
  const addsUp = complete && found.length === (letters.match(/f/g)?.length ?? 0)
  const files = found.values()
  return paths.map((_, i) => {
    const letter = complete ? letters[i] : '?'
    if (letter === '-') return { is: 'nothing' }
    if (letter === 'd') return { is: 'directory' }
    const next = letter === 'f' && addsUp ? files.next() : undefined
    return next === undefined || next.done === true ? { is: 'unsure' } : { is: 'there', value: next.value }
  })
}

/**
 * For long files openssl, which takes longer to start, and uses what the processor has for it: Debian's sha256sum came to do so with version 13. Where it fails, what
 * it said before does not add up.
 */
export function checksumsScript(paths: readonly string[], algorithm: ChecksumAlgorithm, long: boolean): Script {
  const openssl = `openssl dgst -${algorithm} -r "$@"`
  return onFiles(paths, long ? sh`sh -c ${`${openssl} || exec ${algorithm}sum "$@"`} sh` : raw(`${algorithm}sum`))
}

/** The answers in what {@link checksumsScript} said. */
export function parseChecksums(
  paths: readonly string[],
  { status, stdout }: { readonly status: number; readonly stdout: Buffer },
): readonly Found<string>[] {
  const [letters = '', ...lines] = stdout.toString().split('\n')
  const sums = lines.slice(0, -1).map((line) => /^([0-9a-f]{32,}) [ *]/.exec(line)?.[1])
  const whole = sums.filter((sum) => sum !== undefined)
  return byLetter(letters, paths, status === 0 && whole.length === sums.length ? whole : [])
}

/**
 * Prints the contents by one program, and between them its environment, which holds nothing but this mark and its search path: a separator that takes no file of
 * its own. A content that holds it too, and one that ends early, do not add up.
 */
export function contentsScript(paths: readonly string[], mark: string): Script {
  return onFiles(paths, sh`env -i PATH="$PATH" MARK=${mark} cat`, separator)
}

const separator = raw('/proc/self/environ')

/** The answers in what {@link contentsScript} said. */
export function parseContents(
  paths: readonly string[],
  { status, stdout }: { readonly status: number; readonly stdout: Buffer },
  mark: string,
): readonly Found<Buffer>[] {
  const start = stdout.indexOf('\n') + 1
  const letters = stdout.subarray(0, Math.max(start - 1, 0)).toString()
  return byLetter(letters, paths, status === 0 ? pieces(stdout.subarray(start), `MARK=${mark}\0`) : [])
}

/** The pieces between separators; the text up to the first `ending` is the separator. Each is a copy: a slice would keep all of the output in memory. */
function pieces(bytes: Buffer, ending: string): readonly Buffer[] {
  const first = bytes.indexOf(ending)
  if (first < 0) return []
  const between = bytes.subarray(0, first + ending.length)
  const found: Buffer[] = []
  for (let at = between.length; at <= bytes.length;) {
    const next = bytes.indexOf(between, at)
    const end = next < 0 ? bytes.length : next
    found.push(Buffer.from(bytes.subarray(at, end)))
    at = end + between.length
  }
  return found
}
