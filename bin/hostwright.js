#!/usr/bin/env node
import { load } from './start.js'

const { hostwright, processConsole } = await load('lib/cli/index')
process.exitCode = await hostwright(process.argv.slice(2), processConsole(), {
  modules: () => load('modules/index'),
  lab: () => load('lab/lab-command'),
})
