import type { Item, Table } from '#shared/aws/table.ts';
import { type Clock, epochSeconds } from '#shared/kernel/clock.ts';
import type { Bucket } from './bucket.ts';
import type { SharedBuckets } from './caller-limits.ts';

/** Longer than any bucket takes to be full again. */
const keptSeconds = 600;

const keyOf = (callerId: string) => ({ pk: `RATE#${callerId}`, sk: 'RATE' });

/** Buckets as items of the service's own table, which go when their callers are quiet. They have no kind: a lost one is a full one. */
export function createSharedBuckets(table: Pick<Table, 'get' | 'put'>, clock: Clock): SharedBuckets {
  return {
    async read(callerId) {
      const item = await table.get<Item & Bucket>(keyOf(callerId));
      return item && { tokens: item.tokens, filledAtMs: item.filledAtMs };
    },
    async write(callerId, bucket, previous) {
      const expiresAt = epochSeconds(clock.now()) + keptSeconds;
      const when = previous ? { equals: { ...previous } } : { absent: true as const };
      await table.put({ ...keyOf(callerId), ...bucket, expiresAt }, { when });
    },
  };
}
