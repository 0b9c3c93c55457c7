export { connComplaints, type ConnParams, publisherLogin, type PublisherLogin } from './connparams.ts'
export {
  type Content,
  contentSql,
  type Publication,
  readPublication,
  respelt,
  showContent,
  type PublishedTable,
} from './publication.ts'
export {
  alterations,
  creation,
  removal,
  renewal,
  type SubscriptionWork,
  type WantedSubscription,
} from './subscription-plan.ts'
export {
  parameterOf,
  type Publisher,
  readPublisher,
  readSubscription,
  type Subscription,
  withoutPassword,
} from './subscription.ts'
export { inSync, readSyncState, showSync, type SyncState, type TableSync } from './sync-state.ts'
export { logFileOf, logFrom, workerTroubles } from './worker-log.ts'
export { dropSlot, makeSlot } from './publisher-slot.ts'
