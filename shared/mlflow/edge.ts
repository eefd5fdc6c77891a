import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { logger } from '#shared/telemetry/logger.ts';
import type { MlflowEdge } from './handler.ts';
import { CallerLimits } from './rate-limit/caller-limits.ts';
import { createSharedBuckets } from './rate-limit/shared-buckets.ts';
import type { MlflowSettings } from './settings.ts';

/** Who was quiet may ask so many seconds' worth at once. */
const burstSeconds = 2;

/** What the settings make of the edge of MLflow's API. */
export function mlflowEdge(settings: MlflowSettings): MlflowEdge {
  const requestsPerSecond = settings.REQUESTS_PER_SECOND_PER_CALLER;
  const table = createTable(documentClient(), settings.TABLE_NAME);
  const deps = {
    buckets: createSharedBuckets(table, systemClock),
    clock: systemClock,
    onFailure: (error: unknown) =>
      logger.warn('The rate of a caller could not be shared with other instances.', error as Error),
  };
  const limit = { requestsPerSecond, burst: burstSeconds * requestsPerSecond };
  return { iamGrants: settings.IAM_GRANTS, limits: new CallerLimits(deps, limit) };
}
