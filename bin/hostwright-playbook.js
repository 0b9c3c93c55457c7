#!/usr/bin/env node
import { load } from './start.js'

const { playbookCommand, processConsole } = await load('lib/cli/index')
process.exitCode = await playbookCommand('hostwright-playbook', process.argv.slice(2), processConsole())
