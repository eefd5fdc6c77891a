import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { resourcePrefix } from '#shared/kernel/names.ts';
import type { JobService, PlatformNames } from '../platform.ts';
import { acceptRisk } from './accepted-risk.ts';
import { type JobObjects, processingStatements } from './processing-permissions.ts';
import { sagemakerKeyStatements } from './sagemaker-key.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

/** The SageMaker Processing jobs of a service, which do what is too big for a function: the role that they run as, and which functions may run them. */
export class ProcessingJobs extends Construct {
  readonly #platform: PlatformNames;
  readonly #service: JobService;

  constructor(stack: ServiceStack, service: JobService, objects: JobObjects) {
    super(stack, 'Processing');
    this.#platform = stack.platform;
    this.#service = service;
    this.#role(objects);
  }

  /**
   * Lets a function start jobs, and tells it their role, their image where the stage has one (without it has to say that data is too big),
   * and the stage's key.
   */
  allowStarting(fn: ServiceFunction): ServiceFunction {
    return this.#tell(fn)
      .allow(['sagemaker:AddTags', 'sagemaker:CreateProcessingJob'], [this.#jobArn])
      .allow(['iam:PassRole'], [this.#platform.processingRoleArn(this.#service)], {
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
    const { config } = this.#platform;
    fn.addEnvironment('PROCESSING_ROLE_ARN', this.#platform.processingRoleArn(this.#service));
    if (config.processingImage) fn.addEnvironment('PROCESSING_IMAGE_URI', config.processingImage);
    if (config.encryptionKeyArn) fn.addEnvironment('ENCRYPTION_KEY_ARN', config.encryptionKeyArn);
    return fn;
  }

  #role(objects: JobObjects): void {
    const names = this.#platform;
    const role = new Role(this, 'Role', {
      roleName: names.processingRoleName(this.#service),
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      description: `What processing jobs of ${this.#service} may do.`,
    });
    for (const statement of [...processingStatements(names, objects), ...sagemakerKeyStatements(names)])
      role.addToPrincipalPolicy(statement);
    acceptRisk(
      role.node.findChild('DefaultPolicy'),
      'AwsSolutions-IAM5',
      'Keys of objects and names of jobs are made at run time; an ECR login, CloudWatch metrics and the log streams of jobs name no narrower resource.',
    );
  }
}
