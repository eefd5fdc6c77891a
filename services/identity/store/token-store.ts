import * as z from 'zod';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Item, Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { listTokens } from '../contract.ts';
import type { TokenRecord, TokenStatus, TokenStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

const pageSize = 50;
const keyOf = (tokenSha256: string) => ({ pk: `TOKEN#${tokenSha256}`, sk: 'TOKEN' });
const idKeyOf = (tokenId: string) => ({ pk: `TOKENID#${tokenId}`, sk: 'TOKENID' });
const indexOf = (status: TokenStatus) => (status === 'active' ? 'TOKENS#active' : 'TOKENS#unsettled');

/** `expiresAt` is the name of the table's TTL attribute, so the end of a token has another in its item. */
const tokenItem = listTokens.response.shape.items.element.omit({ expiresAt: true }).extend({
  tokenSha256: z.string(),
  status: z.enum(['pending', 'active', 'revoked']),
  apiKeyId: z.string().optional(),
  validUntil: z.string().optional(),
});

export function createTokenStore(stored: Table): TokenStore {
  const table = versionedTable(stored, itemKinds);
  const list = async (indexPartition: string, pageToken: string | undefined): Promise<Page<TokenRecord>> => {
    const page = await table.query<StoredItems['token']>({
      pk: indexPartition,
      index: 'gsi1',
      limit: pageSize,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    return { ...page, items: page.items.map(toRecord) };
  };
  const byHash = async (tokenSha256: string) => {
    const item = await table.get<StoredItems['token']>(keyOf(tokenSha256));
    return item && toRecord(item);
  };
  return {
    byHash,
    async byId(tokenId) {
      const pointer = await table.get<StoredItems['tokenId']>(idKeyOf(tokenId));
      return pointer && byHash(pointer.tokenSha256);
    },
    add: (record) =>
      table.commit({
        writes: [
          { put: toItem(record), when: { absent: true } },
          {
            put: { ...idKeyOf(record.tokenId), schemaVersion: 1, tokenSha256: record.tokenSha256 },
            when: { absent: true },
          },
        ],
      }),
    move: (record, from) => table.commit({ writes: [moved(record, from)] }),
    remove: ({ tokenId, tokenSha256 }) =>
      table.commit({ writes: [{ delete: keyOf(tokenSha256) }, { delete: idKeyOf(tokenId) }] }),
    active: (pageToken) => list(indexOf('active'), pageToken),
    unsettled: (pageToken) => list(indexOf('pending'), pageToken),
  };
}

function moved(record: TokenRecord, from: TokenStatus): Write {
  return {
    put: toItem(record),
    when: { equals: { status: from } },
    otherwise: new AppError(
      'conflict',
      'TokenChanged',
      `The token ${record.tokenId} is no longer ${from}. Read the list of tokens and try again.`,
    ),
  };
}

function toItem({ expiresAt, ...record }: TokenRecord): Item {
  return {
    ...keyOf(record.tokenSha256),
    schemaVersion: 1,
    ...record,
    validUntil: expiresAt,
    gsi1pk: indexOf(record.status),
    gsi1sk: record.tokenId,
  };
}

function toRecord(item: Item): TokenRecord {
  const { validUntil, apiKeyId, ...record } = tokenItem.parse(item);
  return {
    ...record,
    ...(apiKeyId === undefined ? {} : { apiKeyId }),
    ...(validUntil === undefined ? {} : { expiresAt: validUntil }),
  };
}
