export { firstMatch, nameMatcher } from './guard.ts'
export { commonComplaints, commonParams } from './params.ts'
export { planCommand } from './plan.ts'
export { expandingWord, splitWords } from './split.ts'
