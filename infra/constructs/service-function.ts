import { Duration, Size } from 'aws-cdk-lib';
import { PolicyStatement, type PolicyStatementProps, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import * as z from 'zod';
import {
  type BucketPurpose,
  functionName,
  metricsNamespace,
  type ServiceName,
} from '#shared/kernel/names.ts';
import { acceptRisk } from './accepted-risk.ts';
import { architectureOf, duckdbLayer } from './function-parts.ts';
import { dependOnPolicyOf } from './policy-order.ts';
import { keptWhereProtected } from './removal.ts';
import type { ServiceStack } from './service-stack.ts';

/** Lambda's limit on a function's name. */
const maxNameLength = 64;

export interface ServiceFunctionOptions {
  readonly description: string;
  /** Besides what every function gets and what grants add (TABLE_NAME, the buckets). */
  readonly environment?: Readonly<Record<string, string>>;
  /** From services/<service>/env.ts: synthesis fails where the function's whole environment is not what it declares. */
  readonly environmentSchema?: z.ZodType;
  /** Buckets whose names the function gets, as UPLOADS_BUCKET, DATA_BUCKET, …; `allowObjects` adds its own. */
  readonly buckets?: readonly BucketPurpose[];
  readonly memorySizeMb?: number;
  readonly timeoutSeconds?: number;
  /** 512 is what every function has. */
  readonly ephemeralStorageMb?: number;
  /** Adds the layer that holds DuckDB's native library. */
  readonly duckdb?: boolean;
  /** At most so many at once; takes them from what the account has. */
  readonly reservedConcurrency?: number;
}

export interface AllowOptions {
  /** Why no narrower resource will do; needed for the resource `*`. */
  readonly reason?: string;
  readonly conditions?: PolicyStatementProps['conditions'];
}

/**
 * One Lambda function: the bundle of services/<service>/handlers/<handler>.ts, with a role of its own that may write its log,
 * its traces, and what `allow` adds. What fails asynchronously for good goes to the service's dead-letter queue.
 */
export class ServiceFunction extends Construct {
  readonly function: LambdaFunction;
  readonly handler: string;
  readonly #stack: ServiceStack;
  readonly #role: Role;
  readonly #environment: Record<string, string>;
  #failsToDeadLetters = false;

  constructor(stack: ServiceStack, handler: string, options: ServiceFunctionOptions) {
    super(stack, handler);
    this.handler = handler;
    this.#stack = stack;
    const { platform, service } = stack;
    const name = functionName(platform.stage, service, handler);
    if (name.length > maxNameLength) {
      throw new Error(
        `The function name ${name} has ${name.length} characters, Lambda allows ${maxNameLength}: give the handler file a shorter name.`,
      );
    }
    this.#environment = {
      MILLRACE_STAGE: platform.stage,
      MILLRACE_SERVICE: service,
      POWERTOOLS_SERVICE_NAME: service,
      POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(platform.stage),
      LOG_LEVEL: 'INFO',
      NODE_OPTIONS: '--enable-source-maps',
      ...options.environment,
    };
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${name}`,
      retention: platform.config.logRetentionDays,
      removalPolicy: keptWhereProtected(platform.config),
    });
    this.#role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} may do.`,
    });
    dependOnPolicyOf(this.#role);
    this.function = new LambdaFunction(this, 'Function', {
      functionName: name,
      description: options.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: architectureOf(platform.config.architecture),
      handler: 'index.handler',
      code: platform.code.handler({ service, handler }),
      role: this.#role,
      logGroup: logs,
      memorySize: options.memorySizeMb ?? 512,
      timeout: Duration.seconds(options.timeoutSeconds ?? 30),
      tracing: Tracing.ACTIVE,
      environment: this.#environment,
      layers: options.duckdb ? [duckdbLayer(stack)] : [],
      ...(options.ephemeralStorageMb
        ? { ephemeralStorageSize: Size.mebibytes(options.ephemeralStorageMb) }
        : {}),
      ...(options.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: options.reservedConcurrency }),
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logs.logGroupArn]);
    acceptRisk(this.#policy, 'AwsSolutions-IAM5', 'X-Ray takes traces on no narrower resource than *.');
    for (const purpose of options.buckets ?? []) this.#addBucket(purpose);
    const { environmentSchema } = options;
    if (environmentSchema) {
      this.node.addValidation({ validate: () => violations(environmentSchema, name, this.#environment) });
    }
  }

  get functionArn(): string {
    return this.function.functionArn;
  }

  /**
   * Allows the function these actions on these resources. A resource with a `*` inside is a name that is made at run time;
   * the resource `*` itself needs a reason, which is kept in the template.
   */
  allow(actions: readonly string[], resources: readonly string[], options: AllowOptions = {}): this {
    if (resources.includes('*') && !options.reason) {
      throw new Error(
        `${this.node.path} asks for ${actions.join(', ')} on the resource '*': name the resources, or give the reason why that cannot be.`,
      );
    }
    this.#role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(options.conditions ? { conditions: options.conditions } : {}),
      }),
    );
    if (resources.some((resource) => resource.includes('*'))) {
      const reason = options.reason ?? 'Names below the prefix are made at run time.';
      acceptRisk(this.#policy, 'AwsSolutions-IAM5', `${actions.join(', ')}: ${reason}`);
    }
    if (actions.some((action) => /^(sagemaker|ecr):/.test(action))) this.#addSagemakerEndpoint();
    return this;
  }

  /** Allows actions such as `s3:GetObject` on the objects of a bucket whose keys begin with `prefix`, and tells the function the bucket's name. */
  allowObjects(purpose: BucketPurpose, prefix: string, actions: readonly string[]): this {
    this.#addBucket(purpose);
    return this.allow(actions, [`${this.#stack.platform.bucketArn(purpose)}/${prefix}*`]);
  }

  /**
   * Allows listing what begins with `prefix`: keys, without which S3 answers 403 instead of 404 for a missing object, or all S3 versions
   * of them, or both.
   */
  allowListing(
    purpose: BucketPurpose,
    prefix: string,
    listed: readonly ('keys' | 'versions')[] = ['keys'],
  ): this {
    this.#addBucket(purpose);
    const actions = listed.map((one) => (one === 'keys' ? 's3:ListBucket' : 's3:ListBucketVersions'));
    return this.allow(actions, [this.#stack.platform.bucketArn(purpose)], {
      conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
    });
  }

  /** Allows asking other services the queries of their contracts. */
  mayQuery(...services: readonly ServiceName[]): this {
    return this.allow(
      ['lambda:InvokeFunction'],
      services.map((service) => this.#stack.platform.functionArn(service, 'query')),
    );
  }

  addEnvironment(name: string, value: string): this {
    this.#environment[name] = value;
    this.function.addEnvironment(name, value);
    return this;
  }

  /** What this function was called for asynchronously and could not do, after two retries, goes to the dead-letter queue. */
  deadLetterAsynchronousFailures(): void {
    if (this.#failsToDeadLetters) return;
    this.#failsToDeadLetters = true;
    const { queueArn } = this.#stack.deadLetters;
    this.allow(['sqs:SendMessage'], [queueArn]);
    this.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: queueArn }) },
    });
  }

  get #policy(): IConstruct {
    return this.#role.node.findChild('DefaultPolicy');
  }

  /** Where the stage names an endpoint of its own for SageMaker and the registry of its images, SDK clients find it in these variables. */
  #addSagemakerEndpoint(): void {
    const { sagemakerEndpoint } = this.#stack.platform.config;
    if (!sagemakerEndpoint) return;
    for (const service of ['ECR', 'SAGEMAKER', 'SAGEMAKER_RUNTIME', 'SAGEMAKER_FEATURESTORE_RUNTIME'])
      this.addEnvironment(`AWS_ENDPOINT_URL_${service}`, sagemakerEndpoint);
  }

  #addBucket(purpose: BucketPurpose): void {
    this.addEnvironment(`${purpose.toUpperCase()}_BUCKET`, this.#stack.platform.bucketName(purpose));
  }
}

function violations(schema: z.ZodType, name: string, environment: Record<string, string>): string[] {
  const result = schema.safeParse(environment);
  if (result.success) return [];
  return [`The environment of ${name} is not what env.ts declares: ${z.prettifyError(result.error)}`];
}
