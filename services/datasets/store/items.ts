import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { DatasetVersion, KeyRecord, Upload } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  version: { key: /^PROJECT#.+ \/ VERSION#\d{8}$/, schemaVersion: 1 },
  newest: { key: /^PROJECT#.+ \/ NEWEST$/, schemaVersion: 1 },
  upload: { key: /^PROJECT#.+ \/ UPLOAD#/, schemaVersion: 1 },
  key: { key: /^KEY#.+ \/ KEY$/s, schemaVersion: 1 },
  claim: { key: /^CLAIM#.+ \/ CLAIM$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly version: Stored<DatasetVersion>;
  readonly newest: Stored<DatasetVersion>;
  readonly upload: Stored<Upload>;
  readonly key: Stored<Omit<KeyRecord, 'key'>>;
  readonly claim: Stored<{ readonly claimant: string; readonly expiresAt: number }>;
}
