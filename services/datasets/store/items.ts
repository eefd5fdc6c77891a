import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type {
  DiffRecord,
  ErasedObject,
  ErasedVersion,
  ErasureRecord,
  Marks,
  RunningErasure,
  Tag,
  VersionUse,
} from '../ports/versions.ts';
import type { DatasetVersion, KeyRecord, Upload } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  version: { key: /^PROJECT#.+ \/ VERSION#\d{8}$/, schemaVersion: 1 },
  newest: { key: /^PROJECT#.+ \/ NEWEST$/, schemaVersion: 1 },
  upload: { key: /^PROJECT#.+ \/ UPLOAD#/, schemaVersion: 1 },
  key: { key: /^KEY#.+ \/ KEY$/s, schemaVersion: 1 },
  marks: { key: /^PROJECT#.+ \/ MARKS#\d{8}$/, schemaVersion: 1 },
  tag: { key: /^PROJECT#.+ \/ TAG#/, schemaVersion: 1 },
  use: { key: /^PROJECT#.+ \/ USE#\d{8}#/, schemaVersion: 1 },
  diff: { key: /^PROJECT#.+ \/ DIFF#\d{8}#\d{8}$/, schemaVersion: 1 },
  removal: { key: /^PROJECT#.+ \/ REMOVAL$/, schemaVersion: 1 },
  objects: { key: /^PROJECT#.+ \/ OBJECTS$/, schemaVersion: 1 },
  erasing: { key: /^PROJECT#.+ \/ ERASING$/, schemaVersion: 1 },
  erasure: { key: /^PROJECT#.+ \/ ERASURE#/, schemaVersion: 1 },
  erasedObject: { key: /^ERASURE#.+ \/ OBJECT#/, schemaVersion: 1 },
  erasedVersion: { key: /^ERASURE#.+ \/ VERSION#\d{8}$/, schemaVersion: 1 },
  claim: { key: /^CLAIM#.+ \/ CLAIM$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly version: Stored<DatasetVersion>;
  readonly newest: Stored<DatasetVersion>;
  readonly upload: Stored<Upload>;
  readonly key: Stored<Omit<KeyRecord, 'key'>>;
  readonly marks: Stored<Marks>;
  readonly tag: Stored<Tag>;
  readonly use: Stored<Omit<VersionUse, 'project'>>;
  readonly diff: Stored<DiffRecord>;
  /** Objects that nothing names any more and that may still be there. */
  readonly removal: Stored<{ readonly removalId: string; readonly plan: StoredObject }>;
  /** How often it was decided that objects go. */
  readonly objects: Stored<{ readonly removals: number }>;
  /** The erasure that works on the project. */
  readonly erasing: Stored<RunningErasure>;
  readonly erasure: Stored<ErasureRecord>;
  readonly erasedObject: Stored<ErasedObject>;
  readonly erasedVersion: Stored<ErasedVersion>;
  readonly claim: Stored<{ readonly claimant: string; readonly expiresAt: number }>;
}
