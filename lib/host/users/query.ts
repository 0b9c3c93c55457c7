import { raw, sh, type Script } from '../../quote.ts'
import type { GroupState, UserState } from './users.ts'

/**
 * `entry DATABASE NAME`: the line of that name, asked of the name service, or read from the file on hosts without getent. getent also takes numbers,
 * so the name is compared again.
 */
const entry = raw(`entry() { if command -v getent >/dev/null 2>&1; then getent "$1" "$2" 2>/dev/null; else
  while IFS= read -r line; do case $line in "$2":*) printf '%s\\n' "$line"; return ;; esac; done 2>/dev/null <"/etc/$1"; fi; }`)

/** Everything that {@link parseUser} reads. */
export function userScript(name: string): Script {
  return sh`${entry}
case $(entry passwd ${name}) in ${name}:*) ;; *) exit 0 ;; esac
entry passwd ${name}
printf '\\001\\n'
[ -r /etc/shadow ] && entry shadow ${name}
printf '\\001\\n'
set -- $(id -G -- ${name} 2>/dev/null || id -G ${name})
for gid do if command -v getent >/dev/null 2>&1; then getent group "$gid"; else grep ":$gid:[^:]*$" /etc/group; fi; done`
}

/** The account in the output of {@link userScript}; undefined when there is none. */
export function parseUser(name: string, output: string): UserState | undefined {
  const [passwd = '', shadow = '', groups = ''] = output.split('\u0001\n')
  const [found, , uid, gid, comment, home, shell] = passwd.split('\n')[0]?.split(':') ?? []
  if (found !== name) return undefined
  const parsed = groups.split('\n').flatMap((line) => parseGroup(line) ?? [])
  const primary = parsed.find((group) => group.gid === Number(gid))?.name ?? gid ?? ''
  const [hasShadow, hash, , , , , , expires] = shadow.split('\n')[0]?.split(':') ?? []
  return {
    name,
    uid: Number(uid),
    gid: Number(gid),
    group: primary,
    groups: [...new Set(parsed.map((group) => group.name))].filter((group) => group !== primary).sort(),
    comment: comment ?? '',
    home: home ?? '',
    shell: shell ?? '',
    ...(hasShadow === name && hash !== undefined ? { passwordHash: hash } : {}),
    ...(expires === undefined || expires === '' ? {} : { expires: Number(expires) }),
  }
}

export function groupScript(name: string): Script {
  return sh`${entry}
entry group ${name}`
}

/** A line of group(5). */
export function parseGroup(line: string): GroupState | undefined {
  const [name, , gid, members] = line.trimEnd().split(':')
  if (name === undefined || gid === undefined) return undefined
  return { name, gid: Number(gid), members: (members ?? '').split(',').filter((member) => member !== '') }
}
