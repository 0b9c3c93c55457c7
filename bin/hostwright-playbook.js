#!/usr/bin/env node
import { load, preparePlaybooks } from './start.js'

await preparePlaybooks()
const { playbookCommand } = await load('lib/cli/playbook-command')
const { processConsole } = await load('lib/cli/console')
process.exitCode = await playbookCommand('hostwright-playbook', process.argv.slice(2), processConsole())
