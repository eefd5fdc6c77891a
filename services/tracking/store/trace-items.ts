import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';

/** Items of traces: see traces-store.ts. */
export const traceItemKinds = {
  trace: { key: /^TRACE#.+ \/ TRACE$/, schemaVersion: 1 },
  spans: { key: /^TRACE#.+ \/ SPANS#.+$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

export interface StoredTraceItems {
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
