export { secondsIn, showAge } from './age.ts'
export { backupWork, newestDone, type BackupWish, type BackupWork } from './backup-plan.ts'
export { type Backup, endOf, readCatalogue, type Catalogue, type Tablespace } from './catalogue.ts'
export { adviceFor, type CheckReport, mayPass, parseCheck, showFailed, type CheckLine } from './check-lines.ts'
export { askBarman, complaintOf, linesOf, lookAsBarman, runBarman } from './command.ts'
export { type ConfigFile, planConfigFile } from './config-file.ts'
export { directoryOf, placeParams, type Server, serverParams, timeoutParam, type Place } from './params.ts'
export {
  isRestored,
  lookScript,
  parseLook,
  recoverCommand,
  type RecoveryTarget,
  type RestoredFolder,
} from './restore.ts'
export { renderSection, sectionComplaints, type NamedOptions, type Options, type OptionValue } from './section.ts'
export { namedOptions } from './options.ts'
export { parseStatus } from './status-lines.ts'
export { switchWal, type Switched } from './switch.ts'
export { awaitReady, finishBackup, judged, removeBackup, takeBackup } from './take.ts'
export { rowsAsJson, trialScript, trialSteps, type Trial } from './trial.ts'
