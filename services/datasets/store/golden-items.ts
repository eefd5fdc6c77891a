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
