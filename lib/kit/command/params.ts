import { optional, text, Type, withDefault, type Read } from '../../schema/index.ts'
import { Secret, type Text } from '../../secret.ts'

/** What command and shell have in common. */
export const commonParams = {
  chdir: optional(Type.String({ description: 'The folder to run it in.' })),
  creates: optional(Type.String({ description: 'A path or pattern: if it is there, nothing is run.' })),
  removes: optional(Type.String({ description: 'A path or pattern: if it is not there, nothing is run.' })),
  stdin: optional(text({ description: 'What the command reads.' })),
  stdin_add_newline: withDefault(
    Type.Boolean({ description: 'Add a newline to `stdin`, also where it ends with one.' }),
    true,
  ),
  strip_empty_ends: withDefault(Type.Boolean({ description: 'Without newlines at the end of the output.' }), true),
  environment: optional(
    Type.Unsafe<Readonly<Record<string, Text | number | boolean>>>({
      type: 'object',
      description: 'Variables for its environment. Secrets are welcome: no argument list shows them.',
    }),
  ),
  changes: withDefault(
    Type.Boolean({
      description: 'False for a command that only looks: it runs in check mode too, and changes nothing.',
    }),
    true,
  ),
}

/** The parameters that `command` and `shell` share, as they read them. */
export type CommonParams = Read<typeof commonParams>

/** What the schema cannot say of them. */
export function commonComplaints({ environment, ...places }: ConditionParams): readonly string[] {
  return [...pathComplaints(places), ...environmentComplaints(environment)]
}

/** The parameters of these that are checked before a host is touched. */
export type ConditionParams = Pick<CommonParams, 'environment' | 'chdir' | 'creates' | 'removes'>

/** A relative path would depend on where the shell happens to stand. */
function pathComplaints({ chdir, creates, removes }: ConditionParams): readonly string[] {
  const isWhole = (path: string | undefined) => path === undefined || /^(\/|~[\w.-]*(\/|$))/.test(path)
  return [
    ...(isWhole(chdir) ? [] : ['"chdir" must be a path that starts with / or with ~/']),
    ...Object.entries({ creates, removes }).flatMap(([name, path]) =>
      isWhole(path) || (chdir !== undefined && path !== '')
        ? []
        : [`"${name}" must be a path that starts with / or with ~/, or one below "chdir"`],
    ),
  ]
}

function environmentComplaints(environment: CommonParams['environment']): readonly string[] {
  return Object.entries(environment ?? {}).flatMap(([name, value]) => [
    ...(/^[A-Za-z_]\w*$/.test(name) ? [] : [`"environment": ${JSON.stringify(name)} cannot name a variable`]),
    ...(isText(value) ? [] : [`"environment": the value of ${name} must be text`]),
    ...(String(value instanceof Secret ? value.reveal() : value).includes('\0')
      ? [`"environment": the value of ${name} holds a NUL byte`]
      : []),
  ])
}

function isText(value: unknown): boolean {
  return value instanceof Secret || ['string', 'number', 'boolean'].includes(typeof value)
}
