import { BatchGetImageCommand, type ECRClient, ECRServiceException } from '@aws-sdk/client-ecr';
import { AppError } from '#shared/kernel/errors.ts';
import type { ContainerImage } from '../domain/container-image.ts';
import type { ImageRegistry } from '../ports.ts';

/** Amazon ECR. BatchGetImage is what a pull asks first, so whoever may pull an image may ask for its digest. */
export function createImageRegistry(client: ECRClient): ImageRegistry {
  return {
    async digest(image) {
      const { registryId, repository, tag } = image;
      const { images } = await client
        .send(
          new BatchGetImageCommand({ registryId, repositoryName: repository, imageIds: [{ imageTag: tag }] }),
        )
        .catch((error: unknown) => {
          if (error instanceof ECRServiceException && error.name === 'RepositoryNotFoundException')
            return { images: [] };
          throw error;
        });
      const digest = images?.[0]?.imageId?.imageDigest;
      if (!digest) throw imageNotFound(image);
      return digest;
    },
  };
}

const imageNotFound = ({ registry, repository, tag }: ContainerImage): AppError =>
  new AppError(
    'precondition_failed',
    'ImageNotFound',
    `The registry ${registry} has no image ${repository}:${tag}. Look for another tag in its list of managed images, or deploy to a region that has it.`,
  );
