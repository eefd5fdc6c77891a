import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { createEndpoint as task } from '#services/deployment/contract.ts';
import { createTaskTokens } from '#shared/aws/task-tokens.ts';
import { waitingTaskHandler } from '#shared/lambda/task.ts';
import { creatorEnvironment } from '../env.ts';
import { artifacts } from '../store/artifacts.ts';
import { createClientFiles } from '../store/client-files.ts';
import { createHosting } from '../store/hosting.ts';
import { createEndpoint } from '../use-cases/create-endpoint.ts';
import { openStore } from './composition.ts';

const { store, clock, environment, endpointName } = openStore(creatorEnvironment);
const hosting = createHosting(
  new SageMakerClient({}),
  environment.SAGEMAKER_ROLE_ARN,
  environment.ENCRYPTION_KEY_ARN,
);
const tokens = createTaskTokens();
const files = createClientFiles(environment.MODELS_BUCKET);

export const handler = waitingTaskHandler(task, ({ releaseId, version }, { metadata, taskToken }) =>
  createEndpoint(
    { store, clock, hosting, artifacts, files, tokens, endpointName },
    { releaseId, project: version.project, metadata, taskToken },
  ),
);
