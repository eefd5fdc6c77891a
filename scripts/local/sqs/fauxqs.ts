/**
 * The parts of fauxqs 2.4.1 that are used here. Its package exports only an app that keeps its stores to itself and a server that
 * listens on all interfaces; persistence and delivery need the stores, so they are taken from its files. The version is pinned.
 */
export { buildApp } from 'fauxqs';
export { PersistenceManager } from '../../../node_modules/fauxqs/dist/persistence.js';
export { S3Store } from '../../../node_modules/fauxqs/dist/s3/s3Store.js';
export {
  matchesFilterPolicy,
  matchesFilterPolicyOnBody,
} from '../../../node_modules/fauxqs/dist/sns/filter.js';
export { SnsStore } from '../../../node_modules/fauxqs/dist/sns/snsStore.js';
export type { SnsSubscription } from '../../../node_modules/fauxqs/dist/sns/snsTypes.js';
export { type SqsQueue, SqsStore } from '../../../node_modules/fauxqs/dist/sqs/sqsStore.js';
