export { processConsole } from './console.ts'
export { hostwright } from './commands/hostwright.ts'
export { playbookCommand } from './commands/playbook-command.ts'
