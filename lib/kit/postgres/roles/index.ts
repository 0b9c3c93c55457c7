export { type AclObject, objectTypes, readAcls } from './acl.ts'
export { flagNames, parseFlags, readRole, readVerifier, type Role } from './role.ts'
export { isVerifier, matchesPassword, md5Verifier, saltFor, scramVerifier } from './scram.ts'
