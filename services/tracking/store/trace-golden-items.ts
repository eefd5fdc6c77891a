import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredTraceItems } from './trace-items.ts';

/** The part of the golden items that is of traces. */
export const traceGoldenItems: GoldenItems<StoredTraceItems> = {
  trace: [
    {
      pk: 'TRACE#tr-X',
      sk: 'TRACE',
      schemaVersion: 1,
      revision: 1,
      trace: '{}',
      gsi1pk: 'TRACES#1#0',
      gsi1sk: '0',
    },
  ],
  spans: [{ pk: 'TRACE#tr-X', sk: 'SPANS#0', schemaVersion: 1, receivedAtMs: 0 }],
};
