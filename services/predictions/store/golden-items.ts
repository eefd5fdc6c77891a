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
  erasedEntities: [
    {
      pk: 'ERASED#rides',
      sk: '01M7YN6A1B2C3D4E5F6G7H8J9K',
      schemaVersion: 1,
      entities: {
        erasureId: '01M7YN6A1B2C3D4E5F6G7H8J9K',
        joinKeys: [{ name: 'driver_id', type: 'integer' }],
        keyDigests: ['0866b5098d50b74e89d4125346d00b618893c8b43955ed636793e331152f66ba'],
        requestedAt: '2026-01-01T00:00:00.000Z',
      },
      expiresAt: 1767398400,
    },
  ],
  erasureProgress: [
    {
      pk: 'ERASURE#rides#01M7YN6A1B2C3D4E5F6G7H8J9K',
      sk: 'PROGRESS',
      schemaVersion: 1,
      lastKey: 'predictions/rides/v1/2026/01/01/01M7YN4VZ0H2Z8N5F2X0T6Y9KC-0.jsonl',
      expiresAt: 1775001600,
    },
  ],
  erasedFile: [
    {
      pk: 'ERASURE#rides#01M7YN6A1B2C3D4E5F6G7H8J9K',
      sk: 'FILE#s3://millrace-local-000000000000-us-east-1-captures/predictions/rides/v1/2026/01/01/01M7YN4VZ0H2Z8N5F2X0T6Y9KC-0.jsonl',
      schemaVersion: 1,
      file: {
        modelVersion: 1,
        object: {
          uri: 's3://millrace-local-000000000000-us-east-1-captures/predictions/rides/v1/2026/01/01/01M7YN4VZ0H2Z8N5F2X0T6Y9KC-0.jsonl',
          sha256: '397fd6c851ebc21f966ab2469c2b78c9aab51300e4a978c869abd30df596e497',
          bytes: 912,
        },
        count: 3,
        firstAt: '2025-12-31T23:59:58.000Z',
        lastAt: '2025-12-31T23:59:59.000Z',
      },
      erased: 1,
      isDone: true,
      expiresAt: 1775001600,
    },
  ],
};
