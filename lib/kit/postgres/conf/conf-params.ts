import { choice, optional, Type, withDefault, type Read } from '../../../schema/index.ts'
import { loginParams } from '../sql/login.ts'
import { clusterParams } from '../cluster/place.ts'
import type { GivenSetting } from './setting.ts'

/** What `pg_conf` returns. */
export interface ConfResult {
  /** The file the settings stand in. */
  readonly path: string
  /** The managed settings as they stand there now. */
  readonly settings: Readonly<Record<string, string | null>>
  /** Whether the server was told to read its configuration again. */
  readonly reloaded: boolean
  /** Whether some of these settings wait for a restart of the server, from this run or an earlier one. */
  readonly restart_required: boolean
  /** Which. */
  readonly pending_restart: readonly string[]
  /** Settings that the server's command line or environment decides: no file can change them. */
  readonly overridden: Readonly<Record<string, string>>
}

/** The parameters of `pg_conf`. */
export const confParams = {
  settings: Type.Unsafe<Readonly<Record<string, GivenSetting>>>({
    type: 'object',
    additionalProperties: { text: false },
    description: 'Setting → value: text, number, true or false; null: not set here.',
  }),
  ...clusterParams,
  path: optional(
    Type.String({
      pattern: '^/',
      description: 'The file. Default: conf.d/hostwright.conf of the cluster (Debian’s layout).',
    }),
  ),
  config_file: optional(
    Type.String({
      pattern: '^/',
      description: 'The main configuration file. Default: postgresql.conf beside or above the file.',
    }),
  ),
  method: withDefault(
    choice(['file', 'alter_system'], {
      description: 'Write them to the file, or have the server keep them (ALTER SYSTEM).',
    }),
    'file',
  ),
  overwrite: withDefault(Type.Boolean({ description: 'The file holds these settings and no other.' }), false),
  reload: withDefault(
    Type.Boolean({ description: 'Have a running server read its configuration again, where it has not yet.' }),
    true,
  ),
  backup: withDefault(Type.Boolean({ description: 'Keep the old file beside it.' }), false),
  ...loginParams,
}
/** What `pg_conf` is given, as it reads it. */
export type ConfWanted = Read<typeof confParams>
