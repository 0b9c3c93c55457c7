import type { RunSummary } from '../engine/prepare/settings.ts'
import { HostwrightError } from '../error.ts'
import { UsageError } from './options/usage-error.ts'

/** Ansible's exit codes. */
export const exitCode = {
  ok: 0,
  error: 1,
  failed: 2,
  unreachable: 4,
  usage: 5,
  interrupted: 99,
  unexpected: 250,
} as const

/** The user stopped what was going on. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted')
  }
}

/** Failed and unreachable hosts in one run give both codes in one: 6. */
export function codeOfOutcome({ failed, unreachable, interrupted }: Omit<RunSummary, 'counts'>): number {
  if (interrupted) return exitCode.interrupted
  return (failed ? exitCode.failed : 0) | (unreachable ? exitCode.unreachable : 0)
}

export function codeOfError(thrown: unknown): number {
  if (thrown instanceof Interrupted) return exitCode.interrupted
  if (thrown instanceof UsageError) return exitCode.usage
  if (!(thrown instanceof HostwrightError)) return exitCode.unexpected
  switch (thrown.kind) {
    case 'input':
      return exitCode.error
    case 'failed':
      return exitCode.failed
    case 'unreachable':
      return exitCode.unreachable
    case 'defect':
      return exitCode.unexpected
  }
}
