import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { environment } from '../env.ts';
import { createTrackingStore } from '../store/tracking-store.ts';
import type { TrackingDeps } from '../use-cases/start-run.ts';

/** What the functions of tracking have in common. */
export function trackingDeps(): TrackingDeps {
  const { TABLE_NAME } = readEnvironment(environment);
  return { store: createTrackingStore(createTable(documentClient(), TABLE_NAME)), clock: systemClock };
}
