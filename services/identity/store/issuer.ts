import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import type { issuerEnvironment, settlerEnvironment } from '../env.ts';
import type { EndTokensDeps } from '../use-cases/end-tokens.ts';
import type { IssueTokenDeps } from '../use-cases/issue-token.ts';
import { createApiKeyMaker, createApiKeyRemover } from './api-keys.ts';
import { createTokenStore } from './token-store.ts';

/** What ending tokens needs. */
export function createEnder(env: z.infer<typeof settlerEnvironment>): EndTokensDeps {
  return {
    store: createTokenStore(createTable(documentClient(), env.TABLE_NAME)),
    keys: createApiKeyRemover(env.MILLRACE_STAGE),
    clock: systemClock,
  };
}

/** What issuing tokens needs. */
export function createIssuer(env: z.infer<typeof issuerEnvironment>): IssueTokenDeps {
  return {
    store: createTokenStore(createTable(documentClient(), env.TABLE_NAME)),
    keys: createApiKeyMaker({ stage: env.MILLRACE_STAGE, usagePlanId: env.PREDICTION_USAGE_PLAN_ID }),
    clock: systemClock,
    ids: ulidGenerator,
    randomBytes,
  };
}
