import { join } from 'node:path';
import type {
  AwsRequest,
  AwsResponse,
  EmulatedService,
  RequiredPermission,
  RuntimeContext,
} from '../emulated-service.ts';
import { AwsError, UnsupportedResource } from '../emulated-service.ts';
import type { Tags } from './api/members.ts';
import type { OperationTargets } from './api/operations.ts';
import { OPERATIONS } from './api/operations.ts';
import { resourceArn } from './arns.ts';
import { Deployments } from './endpoints/deployments.ts';
import type { EndpointConfigRecord } from './endpoints/endpoint-configs.ts';
import { EndpointConfigs } from './endpoints/endpoint-configs.ts';
import type { EndpointRecord } from './endpoints/endpoint-record.ts';
import { Endpoints } from './endpoints/endpoints.ts';
import { InvokeEndpoint } from './endpoints/invoke-endpoint.ts';
import { type FeatureGroupRecord, FeatureGroups } from './features/feature-groups.ts';
import { type FeatureRecord, FeatureRecords } from './features/feature-records.ts';
import { recordAnswer, recordOperation, recordPermissions } from './features/record-requests.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { ProcessingJobs } from './jobs/processing-jobs.ts';
import type { ProcessingJobRecord } from './jobs/processing-record.ts';
import { TrainingJobs } from './jobs/training-jobs.ts';
import type { TrainingJobRecord } from './jobs/training-record.ts';
import { TransformJobs } from './jobs/transform-jobs.ts';
import type { TransformJobRecord } from './jobs/transform-record.ts';
import { ModelPackages, type PackageGroupRecord, type PackageRecord } from './registry/model-packages.ts';
import type { ModelRecord } from './serving/model-record.ts';
import { Models } from './serving/models.ts';
import { StateChangeEvents } from './state-change-events.ts';
import { RecordStore } from './store/record-store.ts';
import { TaggedResources } from './tags.ts';

/** A laptop has few cores; more jobs at once would only slow each other down. */
const CONCURRENT_JOBS = 2;
const TARGET_PREFIX = 'SageMaker.';
const INVOCATIONS_PATH = /^\/endpoints\/([^/]+)\/invocations$/;

/** SageMaker: training, transform and processing jobs, models, endpoints and their invocation, run by local programs. */
export function createSageMaker(context: RuntimeContext): EmulatedService {
  const store = <T>(name: string): RecordStore<T> =>
    new RecordStore<T>(join(context.folder('sagemaker'), 'records', name));
  const stores = {
    training: store<TrainingJobRecord>('training-jobs'),
    transform: store<TransformJobRecord>('transform-jobs'),
    processing: store<ProcessingJobRecord>('processing-jobs'),
    models: store<ModelRecord>('models'),
    packageGroups: store<PackageGroupRecord>('model-package-groups'),
    packages: store<PackageRecord>('model-packages'),
    configs: store<EndpointConfigRecord>('endpoint-configs'),
    endpoints: store<EndpointRecord>('endpoints'),
    featureGroups: store<FeatureGroupRecord>('feature-groups'),
  };
  const tagStore = store<Tags>('tags');
  const recordStore = store<FeatureRecord>('feature-records');
  const events = new StateChangeEvents(context);
  const queue = new JobQueue(CONCURRENT_JOBS);
  const configs = new EndpointConfigs(context, stores.configs, stores.models);
  const featureGroups = new FeatureGroups(context, stores.featureGroups, (group) =>
    featureRecords.dropGroup(group),
  );
  const featureRecords = new FeatureRecords(recordStore, featureGroups);
  const targets: OperationTargets = {
    training: new TrainingJobs(context, stores.training, queue, events),
    transform: new TransformJobs(context, stores.transform, stores.models, queue, events),
    processing: new ProcessingJobs(context, stores.processing, queue, events),
    models: new Models(context, stores.models),
    packages: new ModelPackages(context, stores.packageGroups, stores.packages),
    configs,
    endpoints: new Endpoints(
      context,
      stores.endpoints,
      new Deployments(context, configs, stores.models),
      events,
    ),
    featureGroups,
    tags: new TaggedResources(tagStore, (arn) =>
      Object.values(stores).some((kind) =>
        kind.all().some((record: { readonly arn: string }) => record.arn === arn),
      ),
    ),
  };
  const invoke = new InvokeEndpoint(context, targets.endpoints, Math.random);
  return {
    name: 'sagemaker',
    signingNames: ['sagemaker'],
    resourceTypes: [],
    start: async () => {
      for (const part of [...Object.values(stores), tagStore, recordStore]) part.load();
    },
    resume: async () => {
      targets.endpoints.resume();
      targets.training.resume();
      targets.transform.resume();
      targets.processing.resume();
    },
    provision: async ({ type }) => {
      throw new UnsupportedResource(type, 'the resource', "Create SageMaker's resources through its API.");
    },
    authorize: async (request) => await permissionsOf(context, request),
    handle: async (request) => {
      const endpointName = invokedEndpoint(request);
      if (endpointName !== undefined) return await invoke.handle(endpointName, request);
      const onRecords = await recordOperation(request);
      if (onRecords) return recordAnswer(onRecords, featureRecords);
      const { operation, body } = await readOperation(request);
      return jsonAnswer(operation.run(targets, body));
    },
    stop: async () => {
      events.stop();
      await Promise.all([
        targets.training.shutdown(),
        targets.transform.shutdown(),
        targets.processing.shutdown(),
        targets.endpoints.shutdown(),
      ]);
    },
  };
}

function jsonAnswer(body: object): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  };
}

async function permissionsOf(
  context: RuntimeContext,
  request: AwsRequest,
): Promise<readonly RequiredPermission[]> {
  const endpointName = invokedEndpoint(request);
  if (endpointName !== undefined)
    return [{ action: 'sagemaker:InvokeEndpoint', resource: resourceArn(context, 'endpoint', endpointName) }];
  const onRecords = await recordOperation(request);
  if (onRecords) return recordPermissions(context, onRecords);
  const { operation, body } = await readOperation(request);
  return operation.permissions(context, body);
}

function invokedEndpoint(request: AwsRequest): string | undefined {
  const name = INVOCATIONS_PATH.exec(request.rawPath)?.[1];
  return request.method === 'POST' && name !== undefined ? decodeURIComponent(name) : undefined;
}

async function readOperation(request: AwsRequest) {
  const target = request.headers['x-amz-target'] ?? `${request.method} ${request.rawPath}`;
  const action = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : target;
  const operation = OPERATIONS.get(action);
  if (operation === undefined)
    throw new AwsError(
      'NotImplemented',
      `The laptop runtime does not imitate SageMaker's ${action}. It does: ${[...OPERATIONS.keys(), 'InvokeEndpoint'].join(', ')}.`,
      501,
    );
  return { operation, body: parseBody((await request.bytes()).toString('utf8')) };
}

function parseBody(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {
    // Falls through to the error that the service gives for anything but an object.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
}
