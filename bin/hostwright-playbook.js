#!/usr/bin/env node
import { load } from './start.js'

const { playbookCommand } = await load('lib/cli/playbook-command')
const { processConsole } = await load('lib/cli/console')
process.exitCode = await playbookCommand('hostwright-playbook', process.argv.slice(2), processConsole())
