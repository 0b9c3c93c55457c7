export { cloneScript } from './clone-script.ts'
export { followChanges, writeOwned, type FileChange } from './follow.ts'
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
  type FollowWanted,
} from './standby.ts'
export {
  askScript,
  leaderAmong,
  type OwnEvidence,
  parseAnswers,
  type SeenServer,
  type TopologyQuestion,
} from './topology.ts'
