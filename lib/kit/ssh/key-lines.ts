export { authorizedKeyOptions, keyLine, splitKeyOptions } from '../../encode/programs/authorized-keys.ts'
