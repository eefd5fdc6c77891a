import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  version: [
    {
      pk: 'PROJECT#racing',
      sk: 'VERSION#00000002',
      schemaVersion: 1,
      project: 'racing',
      datasetVersion: 2,
      contentSha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
      manifest: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/manifests/427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff.json',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 747,
      },
      rows: 20,
      bytes: 206,
      columns: [
        { name: 'id', type: 'string' },
        { name: 'x', type: 'integer' },
      ],
      parentVersion: 1,
      createdAt: '2026-11-28T01:39:57.000Z',
      sourceKey: 'incoming/racing/3.csv',
      projectRevision: 1,
    },
  ],
  newest: [
    {
      pk: 'PROJECT#racing',
      sk: 'NEWEST',
      schemaVersion: 1,
      project: 'racing',
      datasetVersion: 2,
      contentSha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
      manifest: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/manifests/427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff.json',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 747,
      },
      rows: 20,
      bytes: 206,
      columns: [
        { name: 'id', type: 'string' },
        { name: 'x', type: 'integer' },
      ],
      parentVersion: 1,
      createdAt: '2026-11-28T01:39:57.000Z',
      sourceKey: 'incoming/racing/3.csv',
      projectRevision: 1,
    },
  ],
  upload: [
    {
      pk: 'PROJECT#uploads',
      sk: 'UPLOAD#2026-11-28T01:39:57.000Z#upload-cf0f6c2d70628464650a689eba1ad788',
      schemaVersion: 1,
      key: 'incoming/uploads/empty.csv',
      receivedAt: '2026-11-28T01:39:57.000Z',
      status: 'rejected',
      reasons: [{ code: 'EmptyUpload', message: 'The file has 0 bytes. Upload one with a header and rows.' }],
    },
  ],
  key: [
    {
      pk: 'KEY#incoming/uploads/01M8FWY24DSP16KXZMAJRGCW6N-rows.csv',
      sk: 'KEY',
      schemaVersion: 1,
      sequencer: '0001A21FCF08AC0000',
      requestedBy: 'ann',
      expiresAt: 1798421992,
    },
  ],
  marks: [
    {
      pk: 'PROJECT#racing',
      sk: 'MARKS#00000002',
      schemaVersion: 1,
      tags: ['golden'],
      isTrainedOn: true,
      revision: 2,
    },
  ],
  tag: [
    {
      pk: 'PROJECT#racing',
      sk: 'TAG#golden',
      schemaVersion: 1,
      tag: 'golden',
      datasetVersion: 2,
      taggedAt: '2026-11-28T02:00:00.000Z',
      taggedBy: 'ann',
    },
  ],
  use: [
    {
      pk: 'PROJECT#racing',
      sk: 'USE#00000002#training-set#ts-2c60c11c84b5928f',
      schemaVersion: 1,
      datasetVersion: 2,
      kind: 'training-set',
      id: 'ts-2c60c11c84b5928f',
      at: '2026-11-28T02:00:00.000Z',
    },
  ],
  diff: [
    {
      pk: 'PROJECT#racing',
      sk: 'DIFF#00000001#00000002',
      schemaVersion: 1,
      requestId: '01M8FWY24DSP16KXZMAJRGCW6N',
      inputs: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
      status: 'done',
      at: '2026-11-28T02:00:00.000Z',
      result: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/diffs/427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff.json',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 412,
      },
    },
  ],
  removal: [
    {
      pk: 'PROJECT#racing',
      sk: 'REMOVAL',
      schemaVersion: 1,
      removalId: '01M8FWY24DSP16KXZMAJRGCW6N',
      plan: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/removals/01M8FWY24DSP16KXZMAJRGCW6N.json',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 412,
      },
    },
  ],
  objects: [{ pk: 'PROJECT#racing', sk: 'OBJECTS', schemaVersion: 1, removals: 1 }],
  erasing: [
    {
      pk: 'PROJECT#racing',
      sk: 'ERASING',
      schemaVersion: 1,
      erasureId: '01M8FWY24DSP16KXZMAJRGCW6N',
      since: '2026-11-28T02:00:00.000Z',
    },
  ],
  erasure: [
    {
      pk: 'PROJECT#racing',
      sk: 'ERASURE#01M8FWY24DSP16KXZMAJRGCW6N',
      schemaVersion: 1,
      erasureId: '01M8FWY24DSP16KXZMAJRGCW6N',
      status: 'done',
      requestedBy: 'ann',
      requestedAt: '2026-11-28T02:00:00.000Z',
      completedAt: '2026-11-28T02:00:04.000Z',
      reason: 'Asked for by the customer.',
      keys: 1,
      keyDigests: ['427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff'],
      keysDocument: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/erasures/01M8FWY24DSP16KXZMAJRGCW6N/keys.json',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 412,
      },
      type: 'string',
      rowsErased: 1,
      certificate: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/erasures/01M8FWY24DSP16KXZMAJRGCW6N/certificate.json',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 412,
      },
    },
  ],
  erasedObject: [
    {
      pk: 'ERASURE#racing#01M8FWY24DSP16KXZMAJRGCW6N',
      sk: 'OBJECT#427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
      schemaVersion: 1,
      objectId: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
      before: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/objects/427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff.csv',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 412,
        rows: 10,
        availableAt: '2026-11-28T01:39:57.000Z',
        reading: { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' },
        path: '3.csv',
      },
      rowsErased: 1,
      after: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/objects/427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff.csv',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 412,
        rows: 10,
        availableAt: '2026-11-28T01:39:57.000Z',
        reading: { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' },
        path: '3.csv',
      },
    },
  ],
  erasedVersion: [
    {
      pk: 'ERASURE#racing#01M8FWY24DSP16KXZMAJRGCW6N',
      sk: 'VERSION#00000002',
      schemaVersion: 1,
      datasetVersion: 2,
      rowsErased: 1,
      contentSha256Before: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
      manifestBefore: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/manifests/427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff.json',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 412,
      },
      contentSha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
      manifest: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/datasets/racing/manifests/427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff.json',
        sha256: '427e508bd7f87ccbee2b6997c7d1f496c47ec777899ff2c60c11c84b5928ffff',
        bytes: 412,
      },
      uploadKeys: ['incoming/racing/3.csv'],
    },
  ],
  claim: [
    {
      pk: 'CLAIM#upload-cf0f6c2d70628464650a689eba1ad788',
      sk: 'CLAIM',
      schemaVersion: 1,
      claimant: '5763cb07-e8ad-4ae9-8b82-71476c12abeb',
      expiresAt: 1798421992,
    },
  ],
};
