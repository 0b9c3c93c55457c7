/**
 * Tests of modules and roles: `import … from 'hostwright/testing'`. It works with every test runner: what does not hold is thrown as Node's `AssertionError`.
 */
export { prove } from './prove.ts'
export { provePlaybook, type ProvenRuns, type ProvePlaybookOptions } from './prove-playbook.ts'
export { refusal, runCall, taskIn, type Done } from './run-call.ts'
export { inFolder, simulate, withHost, type TestHostOptions } from './test-host.ts'
