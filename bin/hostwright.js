#!/usr/bin/env node
import { load } from './start.js'

const { hostwright } = await load('lib/cli/hostwright')
const { processConsole } = await load('lib/cli/console')
process.exitCode = await hostwright(process.argv.slice(2), processConsole())
