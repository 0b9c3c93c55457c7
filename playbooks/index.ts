/**
 * The five systems as values, `import … from 'hostwright/playbooks'`: playbooks to run or to take up, the roles that they are made of, and the schemas of their variables.
 * They bring their own templates.
 */
export { default as backup } from './backup.ts'
export { default as logical } from './logical.ts'
export { default as patroni } from './patroni.ts'
export { default as patroniAddNode } from './patroni-add-node.ts'
export { default as patroniConfig } from './patroni-config.ts'
export { default as patroniRemoveNode } from './patroni-remove-node.ts'
export { default as patroniRestart } from './patroni-restart.ts'
export { default as patroniSwitchover } from './patroni-switchover.ts'
export { default as replication } from './replication.ts'
export { default as site } from './site.ts'
export { default as switchover, switchoverVariables } from './switchover.ts'
export { default as sync, syncVariables } from './sync.ts'
export { default as verify } from './verify.ts'
export { default as verifyLogical } from './verify-logical.ts'
export { default as verifyPatroni } from './verify-patroni.ts'
export { default as verifySync } from './verify-sync.ts'
export * as roles from './roles/index.ts'
export { variables as logicalVariables } from './variables/logical-variables.ts'
export { variables as patroniVariables, type Variables as PatroniVariables } from './variables/patroni-variables.ts'
export {
  backupVariables,
  serverVariables,
  variables as replicationVariables,
  type ServerVariables,
} from './variables/variables.ts'
