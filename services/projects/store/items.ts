import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  revision: { key: /^PROJECT#.+ \/ REVISION#\d{6}$/, schemaVersion: 1 },
  newest: { key: /^PROJECT#.+ \/ NEWEST$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

type RevisionItem = Stored<{
  readonly project: string;
  readonly revision: number;
  /** JSON text: a DynamoDB map would lose the order of columns. */
  readonly definition: string;
  readonly definitionSha256: string;
  readonly appliedAt: string;
  readonly appliedBy: string;
}>;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly revision: RevisionItem;
  readonly newest: RevisionItem;
}
