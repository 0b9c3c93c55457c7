export { type AclObject, objectTypes, readAcls, type ObjectType } from './acl.ts'
export { flagNames, parseFlags, readRole, readVerifier, type Role, type RoleFlag } from './role.ts'
export { isVerifier, matchesPassword, md5Verifier, saltFor, scramVerifier } from './scram.ts'
