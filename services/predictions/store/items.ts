import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { ErasedEntities } from '../domain/erased-lines.ts';
import type { FileErasure } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  predictions: { key: /^PREDICTION#.+ \/ CHUNK#\d{4}$/, schemaVersion: 1 },
  labels: { key: /^LABELS#.+ \/ CHUNK#\d{4}$/, schemaVersion: 1 },
  erasedEntities: { key: /^ERASED#.+ \/ .+$/, schemaVersion: 1 },
  erasureProgress: { key: /^ERASURE#.+ \/ PROGRESS$/, schemaVersion: 1 },
  erasedFile: { key: /^ERASURE#.+ \/ FILE#/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** One chunk of a request’s predictions, or of a batch of labels, as gzipped JSON. */
export type CaptureItem = Stored<{
  readonly project: string;
  readonly count: number;
  readonly at: string;
  readonly body: Uint8Array;
  readonly expiresAt: number;
}>;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly predictions: CaptureItem;
  readonly labels: CaptureItem;
  /** Of whom predictions that are on their way into files are dropped. */
  readonly erasedEntities: Stored<{ readonly entities: ErasedEntities; readonly expiresAt: number }>;
  readonly erasureProgress: Stored<{ readonly lastKey: string; readonly expiresAt: number }>;
  readonly erasedFile: Stored<FileErasure & { readonly expiresAt: number }>;
}
