export { fieldComplaint, nameComplaint } from './account-name.ts'
export { userChanges, userDiff, type Wish } from './wanted-account.ts'
