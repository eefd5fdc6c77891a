import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { StoredItems } from './items.ts';

const object = (name: string, ending: string, bytes: number) => ({
  uri: `s3://millrace-local-000000000000-us-east-1-data/validation/sets/00000001/${name.repeat(64)}.${ending}`,
  sha256: name.repeat(64),
  bytes,
});
const metadata: EventMetadata = {
  eventId: 'upload-5207b8be97ab0cd04b7cb1ba2024face',
  occurredAt: '2026-11-28T08:00:00.000Z',
  project: 'sets',
  correlationId: 'upload-5207b8be97ab0cd04b7cb1ba2024face',
  causationDepth: 0,
  actor: { type: 'user', id: 'ada' },
  initiatedBy: { type: 'user', id: 'ada' },
};
const check = {
  project: 'sets',
  datasetVersion: 1,
  checkId: '01M7YM6B0F7J3V0Q6X1T9Z4K2R',
  requestedAt: '2026-11-28T08:10:00.000Z',
} as const;

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  validation: [
    {
      pk: 'PROJECT#sets',
      sk: 'VERSION#00000001',
      schemaVersion: 1,
      project: 'sets',
      datasetVersion: 1,
      verdict: 'Pass',
      report: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/validation/sets/ba87c6ff5af0163862be13a69eca076b8bea03bd81ab719d3e2b335965925618.json',
        sha256: 'ba87c6ff5af0163862be13a69eca076b8bea03bd81ab719d3e2b335965925618',
        bytes: 2321,
      },
    },
  ],
  profile: [
    {
      pk: 'PROJECT#sets',
      sk: 'PROFILE#00000001',
      schemaVersion: 1,
      project: 'sets',
      datasetVersion: 1,
      profile: object('d', 'json', 9120),
    },
  ],
  suggestion: [
    {
      pk: 'PROJECT#sets',
      sk: 'SUGGESTION#00000001#1-upload-5207b8be97ab0cd04b7cb1ba2024face',
      schemaVersion: 1,
      project: 'sets',
      suggestionId: '1-upload-5207b8be97ab0cd04b7cb1ba2024face',
      datasetVersion: 1,
      status: 'approved',
      suggestedAt: '2026-11-28T08:00:02.000Z',
      decidedAt: '2026-11-28T08:05:00.000Z',
      decidedBy: 'grace',
      comment: 'The age may be missing.',
      columns: 5,
      rows: 300,
      document: object('e', 'json', 3120),
      metadata,
    },
  ],
  waiting: [
    {
      pk: 'PROJECT#sets',
      sk: 'WAITING',
      schemaVersion: 1,
      project: 'sets',
      datasetVersion: 1,
      suggestionId: '1-upload-5207b8be97ab0cd04b7cb1ba2024face',
      metadata,
      gsi1pk: 'WAITING',
      gsi1sk: 'sets',
    },
  ],
  model: [
    {
      pk: 'PROJECT#sets',
      sk: 'MODEL#sets#00000003',
      schemaVersion: 1,
      project: 'sets',
      model: 'sets',
      modelVersion: 3,
      features: ['age', 'sex'],
      target: 'class',
    },
  ],
  serving: [
    {
      pk: 'PROJECT#sets',
      sk: 'SERVING#sets',
      schemaVersion: 1,
      project: 'sets',
      model: 'sets',
      modelVersion: 3,
      at: '2026-11-28T09:00:00.000Z',
    },
  ],
  check: [
    {
      pk: 'CHECK#sets#00000001',
      sk: '2026-11-28T08:10:00.000Z#01M7YM6B0F7J3V0Q6X1T9Z4K2R',
      schemaVersion: 1,
      ...check,
      occasion: 'release',
      cause: metadata,
      projectRevision: 2,
      release: {
        releaseId: check.checkId,
        checks: ['range:age'],
        releasedBy: 'grace',
        releasedAt: check.requestedAt,
        reason: 'The sensor was calibrated late.',
      },
      status: 'running',
      attempts: 1,
      plan: object('b', 'json', 2210),
      engine: { name: 'processing-job', jobName: 'millrace-local-sets-check-0123456789abcdef0123' },
      dispatchedAt: '2026-11-28T08:10:01.000Z',
      replaced: [object('a', 'json', 4821)],
      revision: 3,
      gsi1pk: 'UNFINISHED',
      gsi1sk: '2026-11-28T08:10:00.000Z#sets#1#01M7YM6B0F7J3V0Q6X1T9Z4K2R',
    },
  ],
  job: [
    {
      pk: 'JOB#millrace-local-sets-check-0123456789abcdef0123',
      sk: 'JOB',
      schemaVersion: 1,
      ...check,
      expiresAt: 1_798_444_800,
    },
  ],
};
