import { mode, optional, Type, withDefault } from '../../schema/index.ts'

/** Who owns a file and what its permissions are, as every module about files takes it. */
export const attributeParams = {
  owner: optional(Type.String({ description: 'Name or number of the user who is to own it.' })),
  group: optional(Type.String({ description: 'Name or number of the group it is to belong to.' })),
  mode: optional(mode({ description: "Permission bits: `'0644'`, or symbolic, `'u=rw,g=r'`." })),
}

/** How a file is replaced, as every module that writes one takes it. */
export const writeParams = {
  ...attributeParams,
  backup: withDefault(Type.Boolean({ description: 'Keep the old file beside it, with the time in its name.' }), false),
  validate: optional(
    Type.String({
      description: 'A command that must accept the new content before it takes the place of the old; `%s` is its file.',
    }),
  ),
  unsafe_writes: withDefault(
    Type.Boolean({
      description: 'Overwrite in place a file that cannot be replaced, such as one mounted into a container.',
    }),
    false,
  ),
}

/** The values of {@link writeParams}. */
export interface WriteParams {
  /** The user who is to own it; as it is by default. */
  readonly owner?: string
  /** The group it is to belong to; as it is by default. */
  readonly group?: string
  /** Its permissions; as they are by default, for a new file 0644 less the umask. */
  readonly mode?: string
  /** Keep the old file beside it. */
  readonly backup: boolean
  /** A command that must accept the new content; `%s` is its file. */
  readonly validate?: string
  /** Overwrite in place a file that cannot be replaced. */
  readonly unsafe_writes: boolean
}

/** Complaints about these parameters that a schema cannot express. */
export function writeComplaints({ validate }: Pick<WriteParams, 'validate'>): readonly string[] {
  return validate === undefined || validate.includes('%s')
    ? []
    : ['"validate" must contain %s, which stands for the file to look at']
}

/** Complains when more than one of these parameters is given. */
export function exclusive(params: Readonly<Record<string, unknown>>, ...names: readonly string[]): readonly string[] {
  const given = names.filter((name) => params[name] !== undefined)
  return given.length > 1 ? [`only one of ${given.map((name) => `"${name}"`).join(' and ')} may be given`] : []
}
