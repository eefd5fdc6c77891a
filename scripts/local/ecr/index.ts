import {
  AwsError,
  type AwsRequest,
  type EcrApi,
  type EmulatedService,
  type RuntimeContext,
} from '../emulated-service.ts';
import { hasRepository, imageManifest } from '../sagemaker/images/catalogue.ts';
import { Repositories } from './repositories.ts';

const target = 'AmazonEC2ContainerRegistry_V20150921.';

interface BatchGetImage {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageIds: readonly { readonly imageTag?: string; readonly imageDigest?: string }[];
}

/**
 * ECR as far as it tells which image a tag names: BatchGetImage on the managed images that the laptop has programs for. Repositories of
 * the template hold no images; a program of the cloud assembly stands for them.
 */
export function createEcr(context: RuntimeContext): EmulatedService & EcrApi {
  const { region, accountId } = context;
  const repositories = new Repositories(context);
  return {
    name: 'ecr',
    signingNames: ['ecr'],
    resourceTypes: ['AWS::ECR::Repository'],
    start: async () => undefined,
    provision: async (resource) => repositories.provision(resource),
    deprovision: async (resource) => repositories.remove(resource),
    program: (imageUri) => repositories.program(imageUri),
    programImages: () => repositories.programImages(),
    authorize: async (request) => {
      const { registryId, repositoryName } = await readRequest(request, accountId);
      const resource = `arn:aws:ecr:${region}:${registryId}:repository/${repositoryName}`;
      return [{ action: 'ecr:BatchGetImage', resource }];
    },
    handle: async (request) => ({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(
        batchGetImage(
          await readRequest(request, accountId),
          (id, name) => id === accountId && repositories.has(name),
        ),
      ),
    }),
    stop: async () => undefined,
  };
}

async function readRequest(request: AwsRequest, accountId: string): Promise<BatchGetImage> {
  const operation = request.headers['x-amz-target']?.replace(target, '') ?? request.rawPath;
  if (operation !== 'BatchGetImage')
    throw new AwsError(
      'NotImplemented',
      `ECR ${operation} is not imitated by the laptop runtime; only BatchGetImage is.`,
      501,
    );
  const body = JSON.parse((await request.bytes()).toString('utf8')) as Partial<BatchGetImage>;
  const { registryId = accountId, repositoryName = '', imageIds = [] } = body;
  if (repositoryName === '' || imageIds.length === 0)
    throw new AwsError(
      'InvalidParameterException',
      'repositoryName and at least one of imageIds are needed.',
    );
  return { registryId, repositoryName, imageIds };
}

function batchGetImage(
  { registryId, repositoryName, imageIds }: BatchGetImage,
  isDeclared: (registryId: string, repositoryName: string) => boolean,
) {
  if (!hasRepository(repositoryName) && !isDeclared(registryId, repositoryName))
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId}'`,
    );
  const found = imageIds.map((imageId) => ({
    imageId,
    image: imageManifest(repositoryName, imageId.imageTag ?? ''),
  }));
  return {
    images: found.flatMap(({ imageId, image }) =>
      image === undefined
        ? []
        : [
            {
              registryId,
              repositoryName,
              imageId: { ...imageId, imageDigest: image.digest },
              imageManifest: image.manifest,
            },
          ],
    ),
    failures: found
      .filter(({ image }) => image === undefined)
      .map(({ imageId }) => ({
        imageId,
        failureCode: 'ImageNotFound',
        failureReason: 'Requested image not found',
      })),
  };
}
