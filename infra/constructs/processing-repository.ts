import { CfnOutput, Duration } from 'aws-cdk-lib';
import { type CfnRepository, Repository, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { AppError } from '#shared/kernel/errors.ts';
import { processingRepositoryName } from '#shared/kernel/names.ts';
import type { PlatformNames } from '../platform.ts';
import type { ProcessingJobs } from './processing-jobs.ts';
import { keptWhereProtected } from './removal.ts';
import type { ServiceStack } from './service-stack.ts';

/** The repository of the stage's processing image, which holds the programs of all services; beside the jobs of one of them. */
export class ProcessingRepository extends Repository {
  /** Throws InvalidStage for an image that is not in the stage's region. */
  constructor(stack: ServiceStack, jobs: ProcessingJobs) {
    const names = stack.platform;
    assertSameRegion(names);
    super(jobs, 'Repository', {
      repositoryName: processingRepositoryName(names.stage),
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      lifecycleRules: [
        {
          description: 'Images that lost their tag.',
          tagStatus: TagStatus.UNTAGGED,
          maxImageAge: Duration.days(7),
        },
      ],
      removalPolicy: keptWhereProtected(names.config),
      // An image can be built again from its sources.
      ...(names.config.removalProtection ? {} : { emptyOnDelete: true }),
    });
    const resource = this.node.defaultChild as CfnRepository;
    if (names.config.architecture === 'host') this.#namePrograms(resource, names);
    new CfnOutput(stack, 'ProcessingRepositoryUri', { value: resource.attrRepositoryUri });
  }

  /** Tells the laptop runtime which programs stand for the images: assets of the cloud assembly, by object key. */
  #namePrograms(repository: CfnRepository, { code }: PlatformNames): void {
    const objectKey = (id: string, part: ReturnType<typeof code.duckdbLayer>): string | undefined =>
      part.bind(new Construct(this, id)).s3Location?.objectKey;
    repository.addMetadata('millrace:program', {
      code: objectKey('Programs', code.programs()),
      layers: [objectKey('DuckdbLayer', code.duckdbLayer())],
    });
  }
}

/** SageMaker takes images from its own region alone. */
function assertSameRegion({ config, environment }: PlatformNames): void {
  const imageRegion = config.processingImage?.split('.')[3];
  if (imageRegion === undefined || environment.region === undefined || imageRegion === environment.region)
    return;
  throw new AppError(
    'invalid_input',
    'InvalidStage',
    `processingImage names an image in ${imageRegion}, and the stage goes to ${environment.region}: SageMaker takes images from its own region. Push it to ${environment.region}, or deploy to ${imageRegion}.`,
  );
}
