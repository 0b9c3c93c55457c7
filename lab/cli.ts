/** `npm run lab -- COMMAND`: the lab of this checkout. */
import { labCommand } from './lab-command.ts'

process.exitCode = await labCommand(process.argv.slice(2))
