import { defined } from '../../defined.ts'
import type { Answer, Host, HostReader } from '../../host/host.ts'
import { Unreadable } from '../../host/unreadable.ts'
import { raw, sh, type Script } from '../../quote.ts'
import type { Server } from './params.ts'

/** A read-only question to barman. A status other than 0 is an answer; no barman is {@link Unreadable}. */
export async function askBarman(host: HostReader, server: Server, script: Script, seconds = 90): Promise<Answer> {
  const { barman_user: user } = server
  return there(host, user, await host.ask(surrounded(user, script), { as: user, timeout: seconds }))
}

/** A look at barman's files as its user: they are there whether or not the program is, and tell what a run will find. */
export async function lookAsBarman(host: HostReader, server: Server, script: Script): Promise<Answer> {
  const { barman_user: user } = server
  return there(host, user, await host.ask(atHome(user, script), { as: user }))
}

/** A command of barman that changes something, noted and not run in check mode. */
export async function runBarman(
  host: Host,
  server: Server,
  script: Script,
  { does, seconds }: { readonly does: string; readonly seconds: number },
  input?: string,
): Promise<Answer> {
  const { barman_user: user, name } = server
  const effect = { kind: 'command', name: `${does} of ${name}` } as const
  const options = { as: user, timeout: seconds, effect, ...defined({ input }) }
  return there(host, user, await host.run(surrounded(user, script), options))
}

/** barman's home holds the .pgpass that its connections need, and becoming its user does not set HOME. */
function atHome(user: string, script: Script): Script {
  return sh`HOME=${raw(`~${user}`)} PGCLIENTENCODING=UTF8; export HOME PGCLIENTENCODING
cd "$HOME" 2>/dev/null || cd /
${script}
`
}

function surrounded(user: string, script: Script): Script {
  return atHome(
    user,
    sh`command -v barman >/dev/null 2>&1 || { echo 'barman: not found' >&2; exit 127; }
${script}`,
  )
}

const nobody = /user .*does not exist|unknown user|Unknown id|No passwd entry/

function there(host: HostReader, user: string, answer: Answer): Answer {
  if (answer.status === 127)
    throw new Unreadable('barman is not installed', 'command', {
      host: host.name,
      next: "install the package: pkg({ name: 'barman' })",
      data: { stderr: answer.stderr },
    })
  if (answer.status !== 0 && answer.stdout === '' && nobody.test(answer.stderr))
    throw new Unreadable(`barman is not installed: there is no user ${user}`, 'command', {
      host: host.name,
      next: "install the package: pkg({ name: 'barman' }), or say as whom it runs with barman_user",
      data: { stderr: answer.stderr },
    })
  return answer
}

/** What barman said, as lines, warnings and errors last. */
export function linesOf({ stdout, stderr }: Pick<Answer, 'stdout' | 'stderr'>): readonly string[] {
  return [stdout, stderr].flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '')
}

/** The errors in it, without their mark; everything when it marked none. */
export function complaintOf(answer: Pick<Answer, 'stdout' | 'stderr'>): string {
  const all = linesOf(answer)
  const errors = all.filter((line) => /^(ERROR|EXCEPTION|FATAL|CRITICAL):/.test(line))
  const said = (errors.length > 0 ? errors : all.slice(-5)).map((line) => line.replace(/^[A-Z]+: /, ''))
  return [...new Set(said)].join('; ')
}
