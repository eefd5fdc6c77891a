import { type RoutingRecord, routingKey, routingRecord } from '#services/deployment/contract.ts';
import type { Item, Table } from '#shared/aws/table.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Routing } from '../ports.ts';

/** A rollback takes effect within this, and a busy function reads the record once a second instead of with every request. */
const maxAgeMs = 1000;

/** Reads deployment’s routing records. */
export function createRouting(table: Table, clock: Clock): Routing {
  const cache = new Map<string, { readAtMs: number; record: RoutingRecord | undefined }>();
  return {
    async read(project) {
      const nowMs = clock.now().getTime();
      const cached = cache.get(project);
      if (cached && nowMs - cached.readAtMs < maxAgeMs) return cached.record;
      const item = await table.get<Item & { record: unknown }>(routingKey(project));
      const record = item ? routingRecord.parse(item.record) : undefined;
      cache.set(project, { readAtMs: nowMs, record });
      return record;
    },
  };
}
