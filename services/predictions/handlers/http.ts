import { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { createFeatureReader } from '#services/feature-store/reading/contract.ts';
import { predict as predictEndpoint, sendGroundTruth } from '#services/predictions/contract.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import { servingEnvironment } from '../env.ts';
import { createEndpoints } from '../store/endpoints.ts';
import { createRouting } from '../store/routing.ts';
import { servingMeter } from '../store/serving-meter.ts';
import { predict } from '../use-cases/predict.ts';
import { receiveGroundTruth } from '../use-cases/receive-ground-truth.ts';
import { openCaptures } from './composition.ts';

const environment = readEnvironment(servingEnvironment);
const deps = {
  routing: createRouting(createTable(documentClient(), environment.DEPLOYMENT_TABLE_NAME), systemClock),
  features: createFeatureReader({
    client: documentClient(),
    tableName: environment.FEATURE_STORE_TABLE_NAME,
    featureGroups: new SageMakerFeatureStoreRuntimeClient({}),
    stage: environment.MILLRACE_STAGE,
  }),
  endpoints: createEndpoints(new SageMakerRuntimeClient({})),
  captures: openCaptures(environment.TABLE_NAME),
  meter: servingMeter,
  clock: systemClock,
  ids: ulidGenerator,
};

export const handler = httpHandler([
  route(predictEndpoint, ({ params: { project }, body, caller }) =>
    predict(deps, {
      project,
      instances: body.instances,
      caller: caller.id,
      ...(body.stickyKey ? { stickyKey: body.stickyKey } : {}),
    }),
  ),
  route(sendGroundTruth, ({ params: { project }, body }) => receiveGroundTruth(deps, project, body.labels)),
]);
