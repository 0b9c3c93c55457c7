export { processConsole } from './console.ts'
export { hostwright } from './hostwright.ts'
export { playbookCommand, programCommand } from './playbook-command.ts'
