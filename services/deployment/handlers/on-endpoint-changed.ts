import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import * as z from 'zod';
import { createTaskTokens } from '#shared/aws/task-tokens.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { hostingEnvironment } from '../env.ts';
import { createHosting } from '../store/hosting.ts';
import { settleEndpoint } from '../use-cases/settle-endpoint.ts';
import { openStore } from './composition.ts';

const { store, clock, environment } = openStore(hostingEnvironment);
const hosting = createHosting(new SageMakerClient({}), environment.SAGEMAKER_ROLE_ARN);
const tokens = createTaskTokens();
const detailSchema = z.object({ EndpointName: z.string() });

/** `SageMaker Endpoint State Change`: only the name is believed. */
export const handler = awsEventHandler(
  (detail) => detailSchema.parse(detail),
  ({ EndpointName }) => settleEndpoint({ store, clock, hosting, tokens }, EndpointName),
);
