export { hbaComplaints } from './hba-complaints.ts'
export { editHba, wholeHba, type WantedRule } from './hba-edit.ts'
export { hbaParams, type HbaWanted, wantedRules, type GivenRule } from './hba-params.ts'
export { type HbaRule, parseHba, type Word, type HbaLine } from './hba.ts'
