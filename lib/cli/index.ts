export { processConsole } from './console.ts'
export { hostwright } from './hostwright.ts'
export { playbookCommand } from './playbook-command.ts'
