export { main } from './cli/main.ts'
export {
  commandTransport,
  type ConnectionKind,
  type ConnectionKinds,
  type ConnectionTarget,
} from './connection/connection-kind.ts'
export type { HostProcess, ProcessEnd, StartOptions, Transport } from './connection/wire/process.ts'
export { CannotEncode, encode } from './encode/index.ts'
export { HostwrightError, InputErrors, type ErrorDetails, type ErrorKind, type Place } from './error.ts'
export type {
  BecomeOptions,
  BlockOptions,
  Given,
  PlaybookData,
  PlayData,
  PlayOptions,
  Registered,
  TaskOptions,
} from './play/data.ts'
export { createInventory, type CreateInventoryOptions } from './inventory/create.ts'
export type { Group, Inventory, Overlay, Unresolved } from './inventory/inventory.ts'
export type { MagicVariables } from './inventory/magic.ts'
export type { PatternResult } from './inventory/pattern.ts'
export type { GroupData, InventoryData, InventoryInput, InventorySource } from './inventory/sources/brought.ts'
export type { VaultPassword } from './inventory/vault/vault.ts'
export {
  change,
  defineModule,
  unchanged,
  unknownText,
  type Attributes,
  type Call,
  type Diff,
  type Example,
  type Module,
  type ModuleDefinition,
  type Plan,
  type TaskContext,
} from './play/module.ts'
export { Chain, play, Play, playbook, schema } from './play/play.ts'
export type { HostRef, Scope, VarsOf } from './play/scope.ts'
export type { Host, HostReader } from './host/host.ts'
export { Unreadable } from './host/unreadable.ts'
export { quote, raw, sh } from './quote.ts'
export type { Counts, Event, Report, ResultEvent, Status } from './report/event.ts'
export {
  choice,
  listOf,
  mode,
  optional,
  secret,
  text,
  Type,
  withDefault,
  type Read,
  type Static,
  type TObject,
  type TProperties,
  type TSchema,
  type Written,
} from './schema/index.ts'
export { Secret, secretText, type Text } from './secret.ts'
