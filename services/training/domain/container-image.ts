/** An image in Amazon ECR, by a tag that may move. */
export interface ContainerImage {
  /** Account that owns the registry. */
  readonly registryId: string;
  /** Host of the registry, `<account>.dkr.ecr.<region>.<suffix>`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** The image's address by its digest, which names the same bytes for ever. SageMaker takes it wherever it takes a tag. */
export const pinnedImageUri = ({ registry, repository }: ContainerImage, digest: string): string =>
  `${registry}/${repository}@${digest}`;
