import { connect, connectionSettings } from '../../../lib/connection/index.ts'
import { raw } from '../../../lib/quote.ts'

// A controller that a test kills in the middle of its work, as root by sudo: arguments are its variables, its script, and one that must never run.
const [vars = '{}', script = '', never = ''] = process.argv.slice(2)
const connection = await connect(connectionSettings('db1', JSON.parse(vars) as Record<string, unknown>))
const shell = await connection.shell({ method: 'sudo', user: 'root' })
const requests = [shell.request(raw(script)), shell.request(raw(never))]
await Promise.all(requests)
await connection.close()
