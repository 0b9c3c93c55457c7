import { spawn } from 'node:child_process'
import { printedBy, type Printed } from './printed.ts'

export interface Ended extends Printed {
  readonly status: number
}

/** Runs a program in a folder as a user does there, without what this test inherited from npm. */
export function run(cwd: string, program: string, args: readonly string[]): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|HOSTWRIGHT)/.test(name)))
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env })
    const printed = printedBy(child)
    child.on('close', (code) => resolve({ status: code ?? 137, ...printed() }))
  })
}
