#!/usr/bin/env node
import { load, readTypeScript } from './start.js'

await readTypeScript()
const { playbookCommand } = await load('lib/cli/playbook-command')
const { processConsole } = await load('lib/cli/console')
process.exitCode = await playbookCommand('hostwright-playbook', process.argv.slice(2), processConsole())
