import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  token: [
    {
      pk: 'TOKEN#54daf211d667f8a9d314aa66ba7548592109865b78ff167122b9cf393da5c8ea',
      sk: 'TOKEN',
      schemaVersion: 1,
      tokenId: '01M8FWXNCK9WJYHNKKGTRSFVQK',
      name: 'client-token',
      grants: [{ project: 'wine', role: 'client' }],
      createdAt: '2026-11-28T01:39:38.515Z',
      createdBy: 'local',
      tokenSha256: '54daf211d667f8a9d314aa66ba7548592109865b78ff167122b9cf393da5c8ea',
      status: 'revoked',
      apiKeyId: '8a563ec3d5',
      validUntil: '2020-01-01T00:00:00.000Z',
      gsi1pk: 'TOKENS#unsettled',
      gsi1sk: '01M8FWXNCK9WJYHNKKGTRSFVQK',
    },
  ],
  tokenId: [
    {
      pk: 'TOKENID#01M8FWXKA6BHSWF56QHYP7REX8',
      sk: 'TOKENID',
      schemaVersion: 1,
      tokenSha256: 'a834b621397b56edd66c6301247438d6811df2500a08c06da83b81ba9ce32963',
    },
  ],
};
