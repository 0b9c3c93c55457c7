export {
  type AuthorizedKey,
  isWhole,
  parseAuthorizedKey,
  withKeys,
  withoutBlanks,
  withoutKeys,
} from './authorized-keys-edit.ts'
export { authorizedKeyOptions, keyLine, splitKeyOptions } from './key-lines.ts'
export { type HostKey, isNamed, parseHostKey, withHostKeys, withoutHost } from './known-hosts-edit.ts'
export { type PublicKey } from './public-key.ts'
export { type Pair, readPair } from './read-keypair.ts'
export { renews } from './renew-keypair.ts'
export { generate, pubLine, setComment, type NewKey } from './write-keypair.ts'
