import * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { iamGrantsText } from '#shared/contracts/iam-grants.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { environmentParts } from '#shared/lambda/environment.ts';
import { logger } from '#shared/telemetry/logger.ts';
import type { MlflowEdge } from './handler.ts';
import { CallerLimits } from './rate-limit/caller-limits.ts';
import { createSharedBuckets } from './rate-limit/shared-buckets.ts';

/** What the function behind MLflow's API gets from infra, besides what every function of its service gets. */
export const mlflowSettings = z.object({
  TABLE_NAME: environmentParts.TABLE_NAME,
  /** JSON of the stage's `iamGrants`; absent where nobody signs with keys of AWS. */
  IAM_GRANTS: iamGrantsText.optional(),
  REQUESTS_PER_SECOND_PER_CALLER: z.coerce.number().int().positive(),
});
export type MlflowSettings = z.output<typeof mlflowSettings>;

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
