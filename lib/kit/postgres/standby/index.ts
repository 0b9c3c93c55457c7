export { cloneScript } from './clone-script.ts'
export { followChanges, writeOwned } from './follow.ts'
export { primaryIdentifier } from './identify.ts'
export { rewindScript, timelineOf } from './rewind.ts'
export {
  followComplaints,
  followParams,
  standbyConfFile,
  standbyFiles,
  type StandbyFiles,
  standbyParams,
  type StandbyWanted,
} from './standby.ts'
export { askScript, leaderAmong, type OwnEvidence, parseAnswers, type SeenServer } from './topology.ts'
