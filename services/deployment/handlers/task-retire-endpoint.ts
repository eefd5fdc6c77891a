import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { retireEndpoint as task } from '#services/deployment/contract.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { hostingEnvironment } from '../env.ts';
import { createHosting } from '../store/hosting.ts';
import { retireEndpoint } from '../use-cases/retire-endpoint.ts';
import { openStore } from './composition.ts';

const { store, clock, environment, endpointName } = openStore(hostingEnvironment);
const hosting = createHosting(new SageMakerClient({}), environment.SAGEMAKER_ROLE_ARN);

export const handler = taskHandler(task, async ({ project, modelVersion }, { metadata }) => ({
  retired: await retireEndpoint({ store, clock, hosting }, endpointName(project, modelVersion), metadata),
}));
