import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  type CreateEndpointConfigCommandInput,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { volumeKey } from '#shared/kernel/volume-key.ts';
import type { EndpointState, Hosting, Release } from '../ports.ts';

/** SageMaker’s words for "exists already" and "is not there", both under the name ValidationException. */
const existsAlready = /already exist/i;
const isMissing = /could not find|does not exist|not found/i;

const variantName = 'primary';

/** Model, endpoint configuration and endpoint share one name. Volumes of instances are encrypted with the stage's KMS key, if it has one. */
export function createHosting(client: SageMakerClient, roleArn: string, encryptionKeyArn?: string): Hosting {
  return {
    async create(endpointName, release) {
      const tags = [{ Key: 'millrace:project', Value: release.project }];
      await tolerating(existsAlready, () =>
        client.send(
          new CreateModelCommand({
            ModelName: endpointName,
            ExecutionRoleArn: roleArn,
            // Serverless endpoints do not take isolated models. https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
            EnableNetworkIsolation: release.deployment.mode !== 'serverless',
            PrimaryContainer: { Image: release.trainingImage, ModelDataUrl: release.artifact.uri },
            Tags: tags,
          }),
        ),
      );
      await tolerating(existsAlready, () =>
        client.send(
          new CreateEndpointConfigCommand({
            EndpointConfigName: endpointName,
            ProductionVariants: [variantOf(endpointName, release.deployment)],
            KmsKeyId: endpointKey(release.deployment, encryptionKeyArn),
            Tags: tags,
          }),
        ),
      );
      await tolerating(existsAlready, () =>
        client.send(
          new CreateEndpointCommand({
            EndpointName: endpointName,
            EndpointConfigName: endpointName,
            Tags: tags,
          }),
        ),
      );
    },
    describe: (endpointName) => describe(client, endpointName),
    async remove(endpointName) {
      await tolerating(isMissing, () =>
        client.send(new DeleteEndpointCommand({ EndpointName: endpointName })),
      );
      await tolerating(isMissing, () =>
        client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: endpointName })),
      );
      await tolerating(isMissing, () => client.send(new DeleteModelCommand({ ModelName: endpointName })));
    },
  };
}

type Variant = NonNullable<CreateEndpointConfigCommandInput['ProductionVariants']>[number];

function variantOf(modelName: string, deployment: Release['deployment']): Variant {
  const common = { VariantName: variantName, ModelName: modelName };
  if (deployment.mode === 'serverless') {
    const { memorySizeMb, maxConcurrency } = deployment.serverless;
    return { ...common, ServerlessConfig: { MemorySizeInMB: memorySizeMb, MaxConcurrency: maxConcurrency } };
  }
  const { instanceType, count } = deployment.instances;
  return {
    ...common,
    InstanceType: instanceType as Variant['InstanceType'] & string,
    InitialInstanceCount: count,
    InitialVariantWeight: 1,
  };
}

/** Serverless variants have no volume of ours; their model is encrypted in its bucket. */
function endpointKey(deployment: Release['deployment'], keyArn: string | undefined): string | undefined {
  return deployment.mode === 'serverless' ? undefined : volumeKey(keyArn, deployment.instances.instanceType);
}

async function describe(client: SageMakerClient, endpointName: string): Promise<EndpointState> {
  try {
    const { EndpointStatus, FailureReason } = await client.send(
      new DescribeEndpointCommand({ EndpointName: endpointName }),
    );
    if (EndpointStatus === 'InService') return { status: 'in_service' };
    if (EndpointStatus === 'Failed' || EndpointStatus === 'OutOfService')
      return { status: 'failed', reason: FailureReason ?? `status ${EndpointStatus}` };
    return { status: 'changing' };
  } catch (error) {
    if (error instanceof Error && isMissing.test(error.message)) return { status: 'absent' };
    throw error;
  }
}

async function tolerating(expected: RegExp, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof Error && expected.test(error.message))) throw error;
  }
}
