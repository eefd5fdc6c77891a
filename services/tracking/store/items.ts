import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { Run } from '../ports/runs.ts';
import type { SealedSource } from '../ports/sealed-sources.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  experiment: { key: /^EXPERIMENT#.+ \/ EXPERIMENT$/, schemaVersion: 1 },
  experimentName: { key: /^EXPERIMENTNAME#.+ \/ EXPERIMENT$/, schemaVersion: 1 },
  run: { key: /^RUN#.+ \/ RUN$/, schemaVersion: 1 },
  sealedSource: { key: /^SEALED#.+ \/ SOURCE#.+$/, schemaVersion: 1 },
  trace: { key: /^TRACE#.+ \/ TRACE$/, schemaVersion: 1 },
  spans: { key: /^TRACE#.+ \/ SPANS#.+$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly experiment: Stored<{
    readonly experimentId: string;
    readonly name: string;
    readonly project: string;
    readonly lifecycleStage: 'active';
    readonly creationTime: string;
  }>;
  readonly experimentName: Stored<{ readonly experimentId: string }>;
  readonly run: Stored<{ readonly run: Run; readonly status: Run['status'] }>;
  readonly sealedSource: Stored<SealedSource>;
  readonly trace: Stored<{
    /** Counts up with every write: a writer that read another one starts again. */
    readonly revision: number;
    /** The trace as JSON. */
    readonly trace: string;
    readonly gsi1pk: string;
    readonly gsi1sk: string;
  }>;
  readonly spans: Stored<{
    readonly receivedAtMs: number;
    /** Deflated JSON of the spans, where it is small. */
    readonly packed?: Uint8Array;
    /** Path of the object that holds the same, where it is not. */
    readonly path?: string;
  }>;
}
