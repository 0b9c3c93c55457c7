/**
 * What playbooks, roles and modules are written with, and what runs them from a program. A module also has what `hostwright/kit` exports.
 */
export { loadPlaybook } from './cli/load-playbook.ts'
export { main } from './cli/main.ts'
export {
  commandTransport,
  type ConnectionKind,
  type ConnectionKinds,
  type ConnectionTarget,
} from './connection/connection-kind.ts'
export type { HostProcess, ProcessEnd, StartOptions, Transport } from './connection/wire/process.ts'
export { defined, type Defined } from './defined.ts'
export { CannotEncode, encodingComplaints } from './encode/cannot-encode.ts'
export { encode, type Encodable, type Encoded, type Encoder, type MappingEncoder } from './encode/index.ts'
export { HostwrightError, InputErrors, type ErrorDetails, type ErrorKind, type Place } from './error.ts'
export { ChangedSincePlan } from './host/changed-since.ts'
export type { DateTime, DefaultAddress, Facts, Mount } from './host/facts.ts'
export type {
  ChecksumAlgorithm,
  Expected,
  FileAttributes,
  FileContent,
  FileReader,
  FileStat,
  FileToWrite,
  FileWriter,
  HashingOptions,
  Times,
  WriteOptions,
} from './host/files/files.ts'
export type { Answer, AskOptions, Host, HostReader, HostRunOptions } from './host/host.ts'
export type {
  InstallOptions,
  PackageReader,
  PackageState,
  PackageWriter,
  RemoveOptions,
  StatesOptions,
} from './host/packages/packages.ts'
export type { Effect, EffectKind } from './host/pending-effects.ts'
export type { PostgresReader, PostgresWriter, Row, ServerAddress, StatementResult } from './host/postgres/postgres.ts'
export type { JobOptions, ServiceReader, ServiceState, ServiceWriter } from './host/services/services.ts'
export { Unreadable } from './host/unreadable.ts'
export type { GroupOptions, GroupState, UserReader, UserState, UserWriter, WantedUser } from './host/users/users.ts'
export type {
  AnyScope,
  BecomeOptions,
  BlockData,
  BlockOptions,
  Entry,
  FlushData,
  Given,
  ModuleDefaults,
  Nothing,
  PlaybookData,
  PlayData,
  PlayOptions,
  Registered,
  TaskData,
  TaskOptions,
} from './play/data.ts'
export { createInventory, type CreateInventoryOptions } from './inventory/create.ts'
export type { Group, Inventory, Overlay, Unresolved } from './inventory/inventory.ts'
export type { MagicVariables } from './inventory/magic.ts'
export type { ValueProblem } from './inventory/values/resolve.ts'
export type { PatternResult } from './inventory/pattern.ts'
export type { GroupData, InventoryData, InventoryInput, InventorySource } from './inventory/sources/brought.ts'
export type { VaultPassword } from './inventory/vault/vault.ts'
export {
  change,
  defineModule,
  unchanged,
  unknownText,
  type AnyDefinition,
  type Attributes,
  type Call,
  type Change,
  type Controller,
  type Diff,
  type Example,
  type Module,
  type ModuleDefinition,
  type Plan,
  type TaskContext,
  type Unchanged,
} from './play/module.ts'
export { Chain, type OneResult, type Registering, type ResultOf, type Results } from './play/chain.ts'
export type { CallSite } from './play/call-site.ts'
export { defaults, type AnyModule, type Defaults, type SharedParams } from './play/defaults.ts'
export { play, Play, playbook, schema, type AnyPlay } from './play/play.ts'
export type { Lacking, LackingNames, LackingText, Role } from './play/role-data.ts'
export { role, type ResultsFrom, type ResultsWanted, type RoleOptions } from './play/role.ts'
export type { HostRef, Scope, VarsOf } from './play/scope.ts'
export { lines, quote, raw, sh, type Script } from './quote.ts'
export type { Counts, DiffReport, ErrorReport, Event, Report, ResultEvent, Status } from './events/event.ts'
export type { Reporter, ReporterOptions } from './report/reporter.ts'
export {
  run,
  type ConnectionOptions,
  type LoadedPlaybook,
  type RunBecomeOptions,
  type RunOptions,
  type RunOutcome,
  type RunSummary,
  type SelectionOptions,
} from './run/index.ts'
export {
  choice,
  didYouMean,
  listOf,
  mode,
  optional,
  secret,
  text,
  Type,
  withDefault,
  type DefaultNames,
  type Flat,
  type HasDefault,
  type LooseNames,
  type OptionalNames,
  type Read,
  type ReadsList,
  type ReadsSecret,
  type ReadValue,
  type SchemaOptions,
  type Static,
  type StaticObject,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type Typed,
  type Written,
} from './schema/index.ts'
export { mask, reveal, Secret, secretText, type Text } from './secret.ts'
