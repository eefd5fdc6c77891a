import type { Table } from '#shared/aws/table.ts';
import type { Erasure } from '../ports/erasure.ts';

/** Items of a page; more would be more than 1 MB of blocks. */
const maxPageItems = 100;

/** Removes the items of a partition. */
export const partitionErasure = (table: Table, pk: string): Erasure => ({
  async erase(most) {
    const { items } = await table.query({ pk, limit: Math.min(most, maxPageItems), consistent: true });
    await table.deleteAll(items);
    return items.length;
  },
});
