import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { ServeOptions } from '../../testing/serve-one.ts';
import { serveServices } from '../../testing/serve-one.ts';
import { createSageMaker } from '../index.ts';
import { labelledCsv } from './requests.ts';
import type { RuntimeDoubles } from './runtime-doubles.ts';
import { runtimeDoubles } from './runtime-doubles.ts';

/** SageMaker on a loopback port, with the SDK's clients for it. */
export interface ServedSageMaker {
  readonly client: SageMakerClient;
  readonly runtime: SageMakerRuntimeClient;
  readonly features: SageMakerFeatureStoreRuntimeClient;
  readonly doubles: RuntimeDoubles;
  /** Does what the runtime does once all resources stand. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** @param doubles with the training data of `labelledCsv` unless they are given. */
export async function serveSageMaker(
  options: ServeOptions = {},
  doubles = withData(runtimeDoubles()),
): Promise<ServedSageMaker> {
  const served = await serveServices([createSageMaker], {
    ...options,
    apis: { ...doubles.apis, ...options.apis },
  });
  const config = {
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const client = new SageMakerClient(config);
  const runtime = new SageMakerRuntimeClient(config);
  const features = new SageMakerFeatureStoreRuntimeClient(config);
  return {
    client,
    runtime,
    features,
    doubles,
    resume: async () => await served.services[0].resume?.(),
    close: async () => {
      client.destroy();
      runtime.destroy();
      features.destroy();
      await served.close();
    },
  };
}

function withData(doubles: RuntimeDoubles): RuntimeDoubles {
  doubles.objects.set('data/train/part-0.csv', labelledCsv(400));
  doubles.objects.set('data/validation/part-0.csv', labelledCsv(100));
  return doubles;
}
