#!/usr/bin/env node
import { load } from './start.js'

process.title = 'hostwright: keeps logins'
const { keepLogins } = await load('lib/connection/kept/keeper')
await keepLogins()
