export { hbaComplaints } from './hba-complaints.ts'
export { editHba, wholeHba } from './hba-edit.ts'
export { hbaParams, type HbaWanted, wantedRules } from './hba-params.ts'
export { type HbaRule, parseHba, type Word } from './hba.ts'
