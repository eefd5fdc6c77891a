import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { createTaskTokens } from '#shared/aws/task-tokens.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { hostingEnvironment } from '../env.ts';
import { createHosting } from '../store/hosting.ts';
import { retireIdleEndpoints } from '../use-cases/retire-endpoint.ts';
import { settleEndpoint } from '../use-cases/settle-endpoint.ts';
import { openStore } from './composition.ts';

const { store, clock, environment } = openStore(hostingEnvironment);
const hosting = createHosting(new SageMakerClient({}), environment.SAGEMAKER_ROLE_ARN);
const tokens = createTaskTokens();

/** Repairs what events could not: endpoints still waited for, and endpoints that nothing routes to. */
export const handler = scheduleHandler(async () => {
  const endpoints = await store.listEndpoints();
  for (const endpoint of endpoints)
    if (endpoint.taskToken) await settleEndpoint({ store, clock, hosting, tokens }, endpoint.endpointName);
  for (const endpointName of await retireIdleEndpoints({ store, clock, hosting }))
    logger.info('An endpoint without traffic was retired.', { endpointName });
});
