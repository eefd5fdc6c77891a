import type { Table } from '#shared/aws/table.ts';
import type { Erasure } from '../ports/erasure.ts';
import { partitionErasure } from './item-erasure.ts';
import type { StoredItems } from './items.ts';
import { shardsOf } from './trace-index.ts';

const pageSize = 50;

/** Removes the traces of an experiment with their spans. */
export const traceErasure = (table: Table, experimentId: string): Erasure => ({
  async erase(most) {
    let removed = 0;
    for (const pk of shardsOf(experimentId)) {
      let pageToken: string | undefined;
      do {
        const page = await table.query<StoredItems['trace']>({
          index: 'gsi1',
          pk,
          limit: pageSize,
          ...(pageToken ? { pageToken } : {}),
        });
        for (const trace of page.items) {
          if (removed >= most) return removed;
          // What the index still has of traces that are gone counts as nothing.
          removed += await partitionErasure(table, trace.pk).erase(most - removed);
        }
        pageToken = page.nextPageToken;
      } while (pageToken);
    }
    return removed;
  },
});
