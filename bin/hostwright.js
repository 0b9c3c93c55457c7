#!/usr/bin/env node
import { load, preparePlaybooks } from './start.js'

const argv = process.argv.slice(2)
if (argv[0] === 'run') await preparePlaybooks()
const { hostwright } = await load('lib/cli/hostwright')
const { processConsole } = await load('lib/cli/console')
process.exitCode = await hostwright(argv, processConsole())
