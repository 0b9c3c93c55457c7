import { endKeptLogins, keptLogins, type KeptLogin } from '../../connection/index.ts'
import type { Console } from '../console.ts'
import { parseOptions } from '../options/options.ts'
import { UsageError } from '../options/usage-error.ts'
import { helpText } from '../options/usage.ts'

const options = {
  help: { short: 'h', help: 'show this' },
  end: { help: 'end them all: the next run logs in anew' },
} as const
const about =
  'Lists the logins that are kept for the next run, a minute each unless ControlPersist says otherwise (-o ControlPersist=no keeps none).'

/** `hostwright logins [--end]` @returns the exit code. */
export async function loginsCommand(argv: readonly string[], console: Console): Promise<number> {
  const given = parseOptions(options, argv, console.env)
  if (given.operands.length > 0) throw new UsageError(`hostwright logins takes no ${given.operands.join(' ')}`)
  if (given.flag('help')) console.out(helpText('hostwright logins [--end]', about, options))
  else if (given.flag('end')) await endKeptLogins()
  else console.out((await keptLogins()).map(line).join(''))
  return 0
}

const line = ({ login, used, seconds }: KeptLogin): string =>
  `${login.padEnd(40)} ${used ? 'used by a run' : `${seconds} s left`}\n`
