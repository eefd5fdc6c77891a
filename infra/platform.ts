import { Aws } from 'aws-cdk-lib';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import {
  type BucketPurpose,
  bucketName,
  busName,
  functionName,
  type MachineName,
  resourcePrefix,
  type ServiceName,
  stateMachineName,
  tableName,
} from '#shared/kernel/names.ts';
import type { CodeSource } from './code/code-source.ts';
import { localEnvironment, localStage, type StageConfig } from './config.ts';

/**
 * What every stack knows of the stage: its settings and the names and ARNs of what other stacks own. Names are given, so a
 * stack needs nothing of another to write an exact ARN.
 */
export interface PlatformNames {
  readonly stage: string;
  readonly config: StageConfig;
  readonly code: CodeSource;
  /** Account and region of every stack; absent members are decided by whoever deploys. */
  readonly environment: { readonly account?: string; readonly region?: string };
  readonly partition: string;
  readonly busName: string;
  readonly busArn: string;
  readonly alarmTopicArn: string;
  readonly sagemakerRoleName: string;
  readonly sagemakerRoleArn: string;
  /** The role of a service's processing jobs. */
  processingRoleName(service: JobService): string;
  processingRoleArn(service: JobService): string;
  /** The role in whose name SageMaker writes the offline store of feature groups. */
  readonly featureGroupRoleName: string;
  readonly featureGroupRoleArn: string;
  readonly codeDeployRoleName: string;
  readonly codeDeployRoleArn: string;
  bucketName(purpose: BucketPurpose): string;
  bucketArn(purpose: BucketPurpose): string;
  functionArn(service: ServiceName, handler: string): string;
  /** The function by the alias that API Gateway calls it by; see constructs/live-alias.ts. */
  liveFunctionArn(service: ServiceName, handler: string): string;
  tableArn(service: ServiceName): string;
  stateMachineArn(machine: MachineName): string;
  /** `arn:<partition>:<awsService>:<region>:<account>:<resource>` in this stage's account and region. */
  arn(awsService: string, resource: string): string;
}

/** What the canaries of a stage share; see constructs/function-canary.ts. */
export interface FunctionCanary {
  readonly applicationName: string;
  /** Alarms that stop a canary. */
  readonly alarmNames: readonly string[];
  /** Lets CodeDeploy move the alias of this function. */
  admit(service: ServiceName, handler: string): void;
}

/** What services need to know of the two APIs, to put endpoints on them and to answer for who may pass. */
export interface Apis {
  readonly httpApiId: string;
  readonly httpAuthorizerId: string;
  /** ARN that the platform API calls functions by; `/*` after it is every route. */
  readonly httpApiArn: string;
  readonly restAuthorizerId: string;
  /** The same of the prediction API. */
  readonly restApiArn: string;
  /** The usage plan that API keys of the prediction API are put on. */
  readonly predictionUsagePlanId: string;
  /** Absent where new versions take over all at once. */
  readonly canary?: FunctionCanary;
  /** Puts an endpoint, answered by the handler of its service, on the prediction API. */
  addPredictionEndpoint(endpoint: EndpointDefinition, handler: string): void;
}

/** The names, and the two APIs. */
export interface Platform extends PlatformNames {
  readonly api: Apis;
}

/** What functions that create SageMaker's jobs and endpoints are told. */
export const sagemakerEnvironment = ({
  sagemakerRoleArn,
  config,
}: PlatformNames): Record<string, string> => ({
  SAGEMAKER_ROLE_ARN: sagemakerRoleArn,
  ...(config.encryptionKeyArn ? { ENCRYPTION_KEY_ARN: config.encryptionKeyArn } : {}),
});

/** Services with processing jobs, and what their roles are called. */
const processingRoles = {
  validation: 'processing-execution',
  'feature-store': 'feature-processing',
} as const satisfies Partial<Record<ServiceName, string>>;
export type JobService = keyof typeof processingRoles;

export const alarmTopicName = (stage: string): string => `${resourcePrefix(stage)}-alarms`;
/** The alias of every function that an API calls. */
export const liveAliasName = 'live';

/** Alarms on what callers of the APIs see. */
export const alarmNames = (stage: string) => ({
  platformErrors: `${resourcePrefix(stage)}-platform-server-errors`,
  predictionErrors: `${resourcePrefix(stage)}-predictions-server-errors`,
  authorizerErrors: `${resourcePrefix(stage)}-authorizer-errors`,
});
export const deadLetterQueueName = (stage: string, service: ServiceName): string =>
  `${resourcePrefix(stage)}-${service}-dead-letters`;

/** Repositories of the managed XGBoost image, which live in accounts of AWS, another one in each region. */
export const managedImagesArn = ({ partition }: Pick<PlatformNames, 'partition'>): string =>
  `arn:${partition}:ecr:*:*:repository/sagemaker-xgboost`;

/** Account and region: fixed for stage `local`, else from the CDK command line's environment where it knows them. */
function environmentOf(stage: string): PlatformNames['environment'] {
  if (stage === localStage) return localEnvironment;
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  return { ...(account ? { account } : {}), ...(region ? { region } : {}) };
}

export function platformNames(config: StageConfig, code: CodeSource): PlatformNames {
  const { stage } = config;
  const environment = environmentOf(stage);
  const account = environment.account ?? Aws.ACCOUNT_ID;
  const region = environment.region ?? Aws.REGION;
  const partition = stage === localStage ? 'aws' : Aws.PARTITION;
  // Roles belong to the account, not to a region: the region in the name lets a stage of the same name stand in another region.
  const roleName = (name: string) => `${resourcePrefix(stage)}-${region}-${name}`;
  const roleArn = (name: string) => `arn:${partition}:iam::${account}:role/${roleName(name)}`;
  const arn = (awsService: string, resource: string) =>
    `arn:${partition}:${awsService}:${region}:${account}:${resource}`;
  const functionArn: PlatformNames['functionArn'] = (service, handler) =>
    arn('lambda', `function:${functionName(stage, service, handler)}`);
  return {
    stage,
    config,
    code,
    environment,
    partition,
    busName: busName(stage),
    busArn: arn('events', `event-bus/${busName(stage)}`),
    alarmTopicArn: arn('sns', alarmTopicName(stage)),
    sagemakerRoleName: roleName('sagemaker-execution'),
    sagemakerRoleArn: roleArn('sagemaker-execution'),
    processingRoleName: (service) => roleName(processingRoles[service]),
    processingRoleArn: (service) => roleArn(processingRoles[service]),
    featureGroupRoleName: roleName('feature-groups'),
    featureGroupRoleArn: roleArn('feature-groups'),
    codeDeployRoleName: roleName('codedeploy'),
    codeDeployRoleArn: roleArn('codedeploy'),
    bucketName: (purpose) => bucketName(stage, account, region, purpose),
    bucketArn: (purpose) => `arn:${partition}:s3:::${bucketName(stage, account, region, purpose)}`,
    functionArn,
    liveFunctionArn: (service, handler) => `${functionArn(service, handler)}:${liveAliasName}`,
    tableArn: (service) => arn('dynamodb', `table/${tableName(stage, service)}`),
    stateMachineArn: (machine) => arn('states', `stateMachine:${stateMachineName(stage, machine)}`),
    arn,
  };
}
