#!/usr/bin/env node
import { load, readTypeScript } from './start.js'

const argv = process.argv.slice(2)
if (argv[0] === 'run') await readTypeScript()
const { hostwright } = await load('lib/cli/hostwright')
const { processConsole } = await load('lib/cli/console')
process.exitCode = await hostwright(argv, processConsole())
