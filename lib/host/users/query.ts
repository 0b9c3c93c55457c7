import { defined } from '../../defined.ts'
import { raw, sh, type Script } from '../../quote.ts'
import type { GroupState, UserState } from './users.ts'

/** On hosts without it, getent is what finds lines of the files by name or number. It knows no memberships then, and `id` tells them one by one. */
const getent = raw(`exec 2>/dev/null
set -f
if ! command -v getent >/dev/null; then getent() {
  d=$1
  shift
  [ "$d" != initgroups ] || return 1
  while IFS= read -r line; do
    for key do case $line in "$key":*|*:*:"$key":*) printf '%s\\n' "$line" ;; esac; done
  done <"/etc/$d"
}; fi`)

const section = '\u0001\n'
const cut = raw("printf '\\001\\n'")

/** Everything that {@link parseUsers} reads, of all these users by a few programs. */
export function usersScript(names: readonly string[]): Script {
  return sh`${getent}
set -- ${names}
p=$(getent passwd "$@")
printf '%s\n' "$p"
${cut}
[ -r /etc/shadow ] && getent shadow "$@"
${cut}
m=$(getent initgroups "$@") || m=$(for n do g=$(id -G -- "$n" || id -G "$n") && echo "$n $g"; done)
printf '%s\n' "$m"
${cut}
while IFS=: read -r _x _x _x g _x; do m="$m $g"; done <<END
$p
END
set --
for g in $m; do
  case $g in *[!0-9]*) ;; *) case " $* " in *" $g "*) ;; *) set -- "$@" "$g" ;; esac ;; esac
done
[ $# -eq 0 ] || getent group "$@"`
}

/** The accounts in the output of {@link usersScript}, in the order asked; undefined where there is none. getent also takes numbers, so that names are compared. */
export function parseUsers(names: readonly string[], output: string): readonly (UserState | undefined)[] {
  const [passwd = '', shadow = '', memberships = '', groups = ''] = output.split(section)
  const accounts = byName(passwd)
  const hidden = byName(shadow)
  const known = groups.split('\n').flatMap((line) => parseGroup(line) ?? [])
  const members = new Map(memberships.split('\n').map((line) => [line.split(' ', 1)[0] ?? '', numbersIn(line)]))
  return names.map((name) => {
    const [, , uid, gid, comment, home, shell] = accounts.get(name) ?? []
    if (gid === undefined) return undefined
    const gids = new Set([Number(gid), ...(members.get(name) ?? [])])
    const own = known.filter((group) => gids.has(group.gid))
    const primary = own.find((group) => group.gid === Number(gid))?.name ?? gid
    const [, hash, , , , , , expires] = hidden.get(name) ?? []
    return {
      name,
      uid: Number(uid),
      gid: Number(gid),
      group: primary,
      groups: [...new Set(own.map((group) => group.name))].filter((group) => group !== primary).sort(),
      comment: comment ?? '',
      home: home ?? '',
      shell: shell ?? '',
      ...defined({ passwordHash: hash }),
      ...(expires === undefined || expires === '' ? {} : { expires: Number(expires) }),
    }
  })
}

/** The first line of each name, in fields. */
function byName(text: string): ReadonlyMap<string, readonly string[]> {
  const lines = text.split('\n').map((line) => line.split(':'))
  return new Map(lines.reverse().map((fields) => [fields[0] ?? '', fields]))
}

function numbersIn(line: string): readonly number[] {
  return line
    .split(/\s+/)
    .slice(1)
    .filter((word) => word !== '')
    .map(Number)
}

export function groupsScript(names: readonly string[]): Script {
  return sh`${getent}
getent group ${names}`
}

/** The groups in the output of {@link groupsScript}, in the order asked. */
export function parseGroups(names: readonly string[], output: string): readonly (GroupState | undefined)[] {
  const groups = output.split('\n').flatMap((line) => parseGroup(line) ?? [])
  return names.map((name) => groups.find((group) => group.name === name))
}

/** A line of group(5). */
function parseGroup(line: string): GroupState | undefined {
  const [name, , gid, members] = line.trimEnd().split(':')
  if (name === undefined || gid === undefined) return undefined
  return { name, gid: Number(gid), members: (members ?? '').split(',').filter((member) => member !== '') }
}
