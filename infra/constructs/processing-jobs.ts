import { CfnOutput, Duration } from 'aws-cdk-lib';
import { type CfnRepository, Repository, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AppError } from '#shared/kernel/errors.ts';
import { processingRepositoryName, resourcePrefix } from '#shared/kernel/names.ts';
import type { PlatformNames } from '../platform.ts';
import { acceptRisk } from './accepted-risk.ts';
import { processingStatements } from './processing-permissions.ts';
import { keptWhereProtected } from './removal.ts';
import { sagemakerKeyStatements } from './sagemaker-key.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

/** The program of the images: services/validation/processing/main.ts. */
const processingProgram = { service: 'validation', program: 'processing' } as const;

/**
 * The SageMaker Processing jobs of a stage, which do what is too big for a function: the repository of their image, the role that
 * they run as, and which functions may run them.
 */
export class ProcessingJobs extends Construct {
  readonly #platform: PlatformNames;

  /** Throws InvalidStage for an image that is not in the stage's region. */
  constructor(stack: ServiceStack) {
    super(stack, 'Processing');
    const names = stack.platform;
    this.#platform = names;
    assertSameRegion(names);
    const repository = new Repository(this, 'Repository', {
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
    const resource = repository.node.defaultChild as CfnRepository;
    if (names.config.architecture === 'host') this.#nameProgram(resource, names);
    new CfnOutput(stack, 'ProcessingRepositoryUri', { value: resource.attrRepositoryUri });
    this.#role(names);
  }

  /**
   * Lets a function start jobs, and tells it their role, their image where the stage has one (without it has to say that data is too big),
   * and the stage's key.
   */
  allowStarting(fn: ServiceFunction): ServiceFunction {
    return this.#tell(fn)
      .allow(['sagemaker:AddTags', 'sagemaker:CreateProcessingJob'], [this.#jobArn])
      .allow(['iam:PassRole'], [this.#platform.processingRoleArn], {
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      });
  }

  /** Lets a function see what became of jobs, and stop them where it must; tells it what one that starts them is told. */
  allowWatching(fn: ServiceFunction, { stopping = false } = {}): ServiceFunction {
    const actions = ['sagemaker:DescribeProcessingJob', ...(stopping ? ['sagemaker:StopProcessingJob'] : [])];
    return this.#tell(fn).allow(actions, [this.#jobArn]);
  }

  get #jobArn(): string {
    return this.#platform.arn('sagemaker', `processing-job/${resourcePrefix(this.#platform.stage)}-*`);
  }

  #tell(fn: ServiceFunction): ServiceFunction {
    const { processingRoleArn, config } = this.#platform;
    fn.addEnvironment('PROCESSING_ROLE_ARN', processingRoleArn);
    if (config.processingImage) fn.addEnvironment('PROCESSING_IMAGE_URI', config.processingImage);
    if (config.encryptionKeyArn) fn.addEnvironment('ENCRYPTION_KEY_ARN', config.encryptionKeyArn);
    return fn;
  }

  /** Tells the laptop runtime which program stands for the images: assets of the cloud assembly, by object key. */
  #nameProgram(repository: CfnRepository, { code }: PlatformNames): void {
    const objectKey = (id: string, part: ReturnType<typeof code.duckdbLayer>): string | undefined =>
      part.bind(new Construct(this, id)).s3Location?.objectKey;
    repository.addMetadata('millrace:program', {
      code: objectKey('Program', code.program(processingProgram)),
      layers: [objectKey('DuckdbLayer', code.duckdbLayer())],
    });
  }

  #role(names: PlatformNames): void {
    const role = new Role(this, 'Role', {
      roleName: names.processingRoleName,
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      description: 'What processing jobs may do.',
    });
    for (const statement of [...processingStatements(names), ...sagemakerKeyStatements(names)])
      role.addToPrincipalPolicy(statement);
    acceptRisk(
      role.node.findChild('DefaultPolicy'),
      'AwsSolutions-IAM5',
      'Keys of objects and names of jobs are made at run time; an ECR login, CloudWatch metrics and the log streams of jobs name no narrower resource.',
    );
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
