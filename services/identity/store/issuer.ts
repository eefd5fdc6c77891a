import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import type { issuerEnvironment } from '../env.ts';
import type { IssueTokenDeps } from '../use-cases/issue-token.ts';
import { createApiKeys } from './api-keys.ts';
import { createTokenStore } from './token-store.ts';

/** What issuing and ending tokens needs, for the handlers that do. */
export function createIssuer(env: z.infer<typeof issuerEnvironment>): IssueTokenDeps {
  return {
    store: createTokenStore(createTable(documentClient(), env.TABLE_NAME)),
    keys: createApiKeys({ stage: env.MILLRACE_STAGE, usagePlanId: env.PREDICTION_USAGE_PLAN_ID }),
    clock: systemClock,
    ids: ulidGenerator,
    randomBytes,
  };
}
