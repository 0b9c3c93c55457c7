import type { Secret } from '../../secret.ts'
import type { ConnectionKinds } from '../connection-kind.ts'

/** What the command line and the environment say for every host. The caller reads them; nothing here looks at `process.env`. */
export interface CommandLineDefaults {
  /** `--connection` */
  readonly connection?: string
  /** `--user` */
  readonly user?: string
  /** `--ask-pass`, `--connection-password-file` */
  readonly password?: Secret
  /** `--private-key` */
  readonly privateKeyFile?: string
  /** `--timeout`: seconds to connect. */
  readonly timeout?: number
  /** `--ssh-common-args`, `--ssh-extra-args` */
  readonly sshCommonArgs?: string
  readonly sshExtraArgs?: string
  /** The environment's ANSIBLE_HOST_KEY_CHECKING and ANSIBLE_SSH_ARGS. */
  readonly hostKeyChecking?: string | boolean
  readonly sshArgs?: string
  /** Kinds of connection that a program or a package brings. */
  readonly kinds?: ConnectionKinds
}
