import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  predictions: [
    {
      pk: 'PREDICTION#01M8FWXKA6BHSWF56QHYP7REX8',
      sk: 'CHUNK#0000',
      schemaVersion: 1,
      project: 'tumour',
      count: 1,
      at: '2026-01-01T00:00:00.000Z',
      body: Buffer.from(
        'H4sIAAAAAAAAA2VOy2rDMBD8lznLZmWwE/bWQkNKCfRFk7aUsrE2oCDbRZZ6Mf734uRYmMMwzOtzgu9PGrVv9d6BQXa33uwPDzfN7fZlv6mbp+374+r57rAuCAY/cThrm8BIuRtyhEE3OA3/hDeNox96sDWQxV9R1RRkC7KvRHxBSUQfMDippBx1BE/oVPrvKM7nEWyrsp6XUXW+TZe6Cb8SsoJhr3eOcvTBJ3+NE5jKqjawC1nV82zQSggawRAnmL/+AJ4CBWjzAAAA',
        'base64',
      ),
      expiresAt: 1769817600,
    },
  ],
  labels: [
    {
      pk: 'LABELS#01M8FWXKA6BHSWF56QHYP7REX9',
      sk: 'CHUNK#0000',
      schemaVersion: 1,
      project: 'tumour',
      count: 1,
      at: '2026-01-01T00:00:00.000Z',
      body: Buffer.from(
        'H4sIAAAAAAAAA4uuVsrMS0stSs1LTvVMUbJSMjD0tXALj/B2NHPyCA53MzUL9IgMMA9yjbDQNVDSUSpLzClNVbJSMlTSUUosUbJSMjIwMtM1MNQ1MAwxMLACIz0DA4MopdpYADTGdS1cAAAA',
        'base64',
      ),
      expiresAt: 1769817600,
    },
  ],
};
