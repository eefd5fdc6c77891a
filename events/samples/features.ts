import { sha256Hex } from '#shared/kernel/hash.ts';
import {
  FeatureErasureCompleted,
  FeatureErasureRequested,
  FeatureFreshnessBreached,
  FeatureFreshnessRestored,
  FeatureSkewCheckRequested,
  FeaturesDefined,
  FeaturesMaterialized,
  HistoricalFeaturesFailed,
  HistoricalFeaturesRequested,
  HistoricalFeaturesRetrieved,
  MaterializationFailed,
  MaterializationRequested,
  TrainingServingSkewDetected,
} from '../feature-store.ts';
import { CapturesErased } from '../predictions.ts';
import { at, fact, project, stored } from './fact.ts';

const view = { view: 'scanner_hourly', version: 1 };
const materializationId = '01M7YN3Q5E0V6R6T1RRXW6Q0DA';
const retrievalId = '01M7YN4VZ0H2Z8N5F2X0T6Y9KC';
const checkId = '01M7YN5E6S8YB1G3J4K5M6N7PQ';
const erasureId = '01M7YN6A1B2C3D4E5F6G7H8J9K';

const defined = fact(
  FeaturesDefined,
  { eventId: `features-${project}-2`, seconds: 60 },
  {
    project,
    projectRevision: 2,
    views: [{ ...view, isNew: true, dataset: 'scanners' }],
    services: [{ service: 'tumour_inputs', version: 1, isNew: true, views: [view] }],
  },
);

const requested = fact(
  MaterializationRequested,
  { eventId: `${materializationId}-1`, seconds: 62, after: defined },
  {
    project,
    ...view,
    materializationId,
    mode: 'incremental',
    occasion: 'definition',
    attempt: 1,
    asOf: at(62),
  },
);

const materialized = fact(
  FeaturesMaterialized,
  { eventId: `${materializationId}-materialized`, seconds: 65, after: requested },
  {
    project,
    ...view,
    materializationId,
    asOf: at(62),
    dataset: 'scanners',
    datasetVersion: 3,
    put: 12,
    deleted: 0,
    skipped: 0,
    entities: 12,
    newestEventAt: at(0),
  },
);

const failed = fact(
  MaterializationFailed,
  { eventId: `${materializationId}-failed-1`, seconds: 64, after: requested },
  { project, ...view, materializationId, failure: 'The table takes no more writes at the moment.' },
);

const retrievalRequested = fact(
  HistoricalFeaturesRequested,
  { eventId: `${retrievalId}-requested`, seconds: 70, by: { type: 'user', id: 'ada' } },
  {
    project,
    retrievalId,
    request: stored('data', `feature-store/${project}/retrievals/${retrievalId}/request.json`, 912),
  },
);

const retrieved = fact(
  HistoricalFeaturesRetrieved,
  { eventId: `${retrievalId}-retrieved`, seconds: 73, after: retrievalRequested },
  {
    project,
    retrievalId,
    trainingSetId: `hf-${retrievalId.toLowerCase()}`,
    contentSha256: sha256Hex('retrieved'),
    data: stored('data', `feature-store/${project}/retrievals/${retrievalId}/data.parquet`, 20_480),
    rows: 240,
    asOf: at(70),
    views: [view],
    datasets: [
      { project, datasetVersion: 1 },
      { project: 'scanners', datasetVersion: 3 },
    ],
  },
);

const retrievalFailed = fact(
  HistoricalFeaturesFailed,
  { eventId: `${retrievalId}-failed`, seconds: 74, after: retrievalRequested },
  { project, retrievalId, failure: "Column 'scanner_id' is missing in the entity rows." },
);

const breached = fact(
  FeatureFreshnessBreached,
  { eventId: `freshness-${project}-${view.view}-breached`, seconds: 90 },
  { project, ...view, newestEventAt: at(0), lagSeconds: 7500, maxLagSeconds: 7200 },
);

const restored = fact(
  FeatureFreshnessRestored,
  { eventId: `freshness-${project}-${view.view}-restored`, seconds: 95, after: breached },
  { project, ...view, newestEventAt: at(93), lagSeconds: 2 },
);

const checkRequested = fact(
  FeatureSkewCheckRequested,
  { eventId: `${checkId}-requested`, seconds: 100 },
  { project, checkId, from: at(0), to: at(100) },
);

const skewDetected = fact(
  TrainingServingSkewDetected,
  { eventId: `${checkId}-detected`, seconds: 104, after: checkRequested },
  {
    project,
    service: 'tumour_inputs',
    version: 1,
    reportId: checkId,
    inferences: 480,
    maxMismatchRate: 0.01,
    features: [{ feature: 'scans_1d', mismatchRate: 0.0625 }],
    report: stored('data', `feature-store/${project}/skew/${checkId}.json`, 2048),
  },
);

const erasureRequested = fact(
  FeatureErasureRequested,
  { eventId: `${erasureId}-requested`, seconds: 110, by: { type: 'user', id: 'ada' } },
  {
    project,
    erasureId,
    entity: 'scanner',
    reason: 'The owner withdrew consent.',
    keys: 1,
    joinKeys: [{ name: 'scanner_id', type: 'string' }],
    keyDigests: [sha256Hex(erasureId)],
    requestedAt: at(110),
  },
);

const erased = fact(
  FeatureErasureCompleted,
  { eventId: `${erasureId}-completed`, seconds: 114, after: erasureRequested },
  {
    project,
    erasureId,
    entity: 'scanner',
    onlineValuesDeleted: 2,
    recordsErased: 14,
    predictionsErased: 3,
    certificate: stored('data', `feature-store/${project}/erasures/${erasureId}.json`, 960),
  },
);

const capturesErased = fact(
  CapturesErased,
  { eventId: `${erasureId}-requested-captures`, seconds: 113, after: erasureRequested },
  {
    project,
    erasureId,
    predictionsErased: 3,
    filesRewritten: 2,
    rewritten: stored('captures', `erasures/${project}/${erasureId}.json`, 880),
  },
);

/** The feature store: definitions, materialization, retrieval, freshness, skew and erasure. */
export const featureSamples = [
  defined,
  requested,
  failed,
  materialized,
  retrievalRequested,
  retrieved,
  retrievalFailed,
  breached,
  restored,
  checkRequested,
  skewDetected,
  erasureRequested,
  capturesErased,
  erased,
];
