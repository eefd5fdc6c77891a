import { Aws } from 'aws-cdk-lib';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import {
  type BucketPurpose,
  bucketName,
  busName,
  functionName,
  resourcePrefix,
  type ServiceName,
  stateMachineName,
  tableName,
} from '#shared/kernel/names.ts';
import type { CodeSource } from './code/code-source.ts';
import { localStage, type StageConfig } from './config.ts';

/** Account and region that stage `local` pretends to be in. */
const localEnvironment = { account: '000000000000', region: 'us-east-1' } as const;

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
  bucketName(purpose: BucketPurpose): string;
  bucketArn(purpose: BucketPurpose): string;
  functionArn(service: ServiceName, handler: string): string;
  tableArn(service: ServiceName): string;
  stateMachineArn(machine: 'training' | 'release'): string;
  /** `arn:<partition>:<awsService>:<region>:<account>:<resource>` in this stage's account and region. */
  arn(awsService: string, resource: string): string;
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

export const alarmTopicName = (stage: string): string => `${resourcePrefix(stage)}-alarms`;
/** Roles belong to the account, not to a region: the region in the name lets a stage of the same name stand in another region. */
const sagemakerRoleName = (stage: string, region: string): string =>
  `${resourcePrefix(stage)}-${region}-sagemaker-execution`;
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
  const roleName = sagemakerRoleName(stage, region);
  const arn = (awsService: string, resource: string) =>
    `arn:${partition}:${awsService}:${region}:${account}:${resource}`;
  return {
    stage,
    config,
    code,
    environment,
    partition,
    busName: busName(stage),
    busArn: arn('events', `event-bus/${busName(stage)}`),
    alarmTopicArn: arn('sns', alarmTopicName(stage)),
    sagemakerRoleName: roleName,
    sagemakerRoleArn: `arn:${partition}:iam::${account}:role/${roleName}`,
    bucketName: (purpose) => bucketName(stage, account, region, purpose),
    bucketArn: (purpose) => `arn:${partition}:s3:::${bucketName(stage, account, region, purpose)}`,
    functionArn: (service, handler) => arn('lambda', `function:${functionName(stage, service, handler)}`),
    tableArn: (service) => arn('dynamodb', `table/${tableName(stage, service)}`),
    stateMachineArn: (machine) => arn('states', `stateMachine:${stateMachineName(stage, machine)}`),
    arn,
  };
}
