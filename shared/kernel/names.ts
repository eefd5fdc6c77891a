/**
 * Physical names of what a stage deploys. They are given, not generated, so that stacks need no exports of each other, one
 * service can call another's function by name, and IAM statements can name exact ARNs. All stages of an account stay apart by `stage`.
 */
export type ServiceName =
  | 'identity'
  | 'projects'
  | 'datasets'
  | 'validation'
  | 'feature-store'
  | 'tracking'
  | 'registry'
  | 'training'
  | 'evaluation'
  | 'approvals'
  | 'deployment'
  | 'predictions'
  | 'monitoring'
  | 'governance'
  | 'console';

/** `uploads`: what users put in; `data`: versions, reports, training sets; `models`: artifacts; `captures`: predictions and ground truth. */
export type BucketPurpose = 'uploads' | 'data' | 'models' | 'captures';

/** Every physical name begins with this. */
export const resourcePrefix = (stage: string): string => `millrace-${stage}`;
export const busName = (stage: string): string => resourcePrefix(stage);
export const tableName = (stage: string, service: ServiceName): string =>
  `${resourcePrefix(stage)}-${service}`;
/** `handler` is the handler's file name without its ending, e.g. `on-validation-completed`. */
export const functionName = (stage: string, service: ServiceName, handler: string): string =>
  `${resourcePrefix(stage)}-${service}-${handler}`;
/** State machines of the platform. */
export type MachineName = 'training' | 'release' | 'materialization';
export const stateMachineName = (stage: string, machine: MachineName): string =>
  `${resourcePrefix(stage)}-${machine}`;
export const bucketName = (
  stage: string,
  accountId: string,
  region: string,
  purpose: BucketPurpose,
): string => `${resourcePrefix(stage)}-${accountId}-${region}-${purpose}`;
/** Value of the prediction API's key in stage `local`: no secret, there is nobody to keep it from on one's own machine. */
export const anonymousApiKeyValue = 'anonymous-local-identity-key';
/**
 * Value of the API key that signed-in people share at the prediction API. No secret: API Gateway takes keys from the authorizer
 * alone.
 */
export const signedInApiKeyValue = (stage: string): string => `${resourcePrefix(stage)}-signed-in-people`;
/** The ECR repository with the images of the stage's processing jobs. */
export const processingRepositoryName = (stage: string): string => `${resourcePrefix(stage)}-processing`;
/** What a container of that image runs for a service: services/<service>/processing/main.ts, bundled. */
export const processingEntrypoint = (service: ServiceName): readonly string[] => [
  'node',
  `/opt/program/${processingFile(service)}`,
];
export const processingFile = (service: ServiceName): string => `${service}.mjs`;
/** CloudWatch namespace of what functions measure: each stage has its own, so that no stage's canary is judged by another's requests. */
export const metricsNamespace = (stage: string): string => `Millrace/${stage}`;
/** SageMaker jobs, models and endpoints that services create at run time: `millrace-<stage>-<project>-<suffix>`, at most 63 characters. */
export const sagemakerName = (stage: string, project: string, suffix: string): string => {
  const tail = `-${suffix}`.toLowerCase();
  return `${`${resourcePrefix(stage)}-${project}`.slice(0, 63 - tail.length)}${tail}`;
};
