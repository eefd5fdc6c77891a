import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { TokenRecord } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  token: { key: /^TOKEN#.+ \/ TOKEN$/, schemaVersion: 1 },
  tokenId: { key: /^TOKENID#.+ \/ TOKENID$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  /** `expiresAt` is the name of the table's TTL attribute, so the end of a token has another in its item. */
  readonly token: Stored<Omit<TokenRecord, 'expiresAt'> & { readonly validUntil?: string }>;
  readonly tokenId: Stored<{ readonly tokenSha256: string }>;
}
