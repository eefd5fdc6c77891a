import type * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import type { environment } from '../env.ts';
import { createNeighbours } from '../store/neighbours.ts';
import { createTrainingStore } from '../store/training-store.ts';
import type { GovernorDeps } from '../use-cases/governor-memory.ts';

/** What the functions around the governor have in common. */
export function governorDeps(env: z.output<typeof environment>): GovernorDeps {
  return {
    store: createTrainingStore(createTable(documentClient(), env.TABLE_NAME)),
    neighbours: createNeighbours(env.MILLRACE_STAGE),
    clock: systemClock,
    ids: ulidGenerator,
  };
}
