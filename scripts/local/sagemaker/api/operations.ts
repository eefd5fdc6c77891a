import type * as z from 'zod';
import type { RequiredPermission, RuntimeContext } from '../../emulated-service.ts';
import type { ResourceKind } from '../arns.ts';
import { resourceArn } from '../arns.ts';
import type { EndpointConfigs } from '../endpoints/endpoint-configs.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import type { FeatureGroups } from '../features/feature-groups.ts';
import { groupNameOf } from '../features/feature-groups.ts';
import type { ProcessingJobs } from '../jobs/processing-jobs.ts';
import type { TrainingJobs } from '../jobs/training-jobs.ts';
import type { TransformJobs } from '../jobs/transform-jobs.ts';
import type { ModelPackages } from '../registry/model-packages.ts';
import type { Models } from '../serving/models.ts';
import type { TaggedResources } from '../tags.ts';
import * as features from './feature-inputs.ts';
import * as hosting from './hosting-inputs.ts';
import * as members from './members.ts';
import * as packages from './package-inputs.ts';
import * as processing from './processing-inputs.ts';
import * as tagging from './tag-inputs.ts';
import * as training from './training-inputs.ts';
import * as transform from './transform-inputs.ts';
import { parseInput } from './validation.ts';

/** What the operations act on. */
export interface OperationTargets {
  readonly training: TrainingJobs;
  readonly transform: TransformJobs;
  readonly processing: ProcessingJobs;
  readonly models: Models;
  readonly packages: ModelPackages;
  readonly configs: EndpointConfigs;
  readonly endpoints: Endpoints;
  readonly featureGroups: FeatureGroups;
  readonly tags: TaggedResources;
}

/** One operation of the control plane. */
export interface Operation {
  /** What the caller must be allowed to do, read from the unchecked body: who may not call gets no hints about mistakes. */
  permissions(
    context: RuntimeContext,
    body: Readonly<Record<string, unknown>>,
  ): readonly RequiredPermission[];
  /** Checks the body and acts. */
  run(targets: OperationTargets, body: unknown): object;
}

/** The members that name resources of a kind, in the bodies of all operations. */
const NAME_MEMBERS: Readonly<Record<ResourceKind, string>> = {
  'training-job': 'TrainingJobName',
  'transform-job': 'TransformJobName',
  'processing-job': 'ProcessingJobName',
  model: 'ModelName',
  'model-package': 'ModelPackageGroupName',
  'model-package-group': 'ModelPackageGroupName',
  'endpoint-config': 'EndpointConfigName',
  endpoint: 'EndpointName',
  'feature-group': 'FeatureGroupName',
};

function operation<T>(
  action: string,
  kinds: readonly ResourceKind[],
  schema: z.ZodType<T>,
  run: (targets: OperationTargets, input: T) => object | undefined,
  passedRole?: string,
): readonly [string, Operation] {
  return [
    action,
    {
      permissions: (context, body) => [
        ...resourcesOf(context, kinds, body).map((resource) => ({ action: `sagemaker:${action}`, resource })),
        ...passRole(body, passedRole),
        ...tagOnCreate(context, kinds, body),
      ],
      run: (targets, body) => run(targets, parseInput(schema, body)) ?? {},
    },
  ];
}

function resourcesOf(
  context: RuntimeContext,
  kinds: readonly ResourceKind[],
  body: Readonly<Record<string, unknown>>,
): string[] {
  if (kinds.length > 0)
    return kinds.map((kind) => {
      const name = String(body[NAME_MEMBERS[kind]] ?? '');
      return resourceArn(context, kind, kind === 'feature-group' ? groupNameOf(name) : name);
    });
  const named = ['ResourceArn', 'ModelPackageArn', 'ModelPackageName'].map((member) => body[member]);
  return [named.find((arn) => typeof arn === 'string') ?? '*'];
}

function passRole(body: Readonly<Record<string, unknown>>, member: string | undefined): RequiredPermission[] {
  if (member === undefined) return [];
  const context = { 'iam:PassedToService': 'sagemaker.amazonaws.com' };
  return [{ action: 'iam:PassRole', resource: String(body[member] ?? ''), context }];
}

/** Creating with tags takes the permission to tag as well. */
function tagOnCreate(
  context: RuntimeContext,
  kinds: readonly ResourceKind[],
  body: Readonly<Record<string, unknown>>,
): RequiredPermission[] {
  const [kind] = kinds;
  if (kind === undefined || !Array.isArray(body['Tags']) || body['Tags'].length === 0) return [];
  return resourcesOf(context, [kind], body).map((resource) => ({ action: 'sagemaker:AddTags', resource }));
}

/** A creating operation: the tags of the request go with the new resource. */
function creating<T extends { readonly Tags?: members.Tags | undefined }, Answer extends object>(
  create: (targets: OperationTargets, input: T) => Answer,
): (targets: OperationTargets, input: T) => Answer {
  return (targets, input) => {
    const answer = create(targets, input);
    const [arn] = Object.values(answer);
    if (typeof arn === 'string') targets.tags.set(arn, input.Tags ?? []);
    return answer;
  };
}

/** The operations that the laptop runtime imitates. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  operation(
    'CreateTrainingJob',
    ['training-job'],
    training.createTrainingJobInput,
    creating((on, input) => on.training.create(input)),
    'RoleArn',
  ),
  operation('DescribeTrainingJob', ['training-job'], training.trainingJobNameInput, (on, input) =>
    on.training.describe(input.TrainingJobName),
  ),
  operation(
    'StopTrainingJob',
    ['training-job'],
    training.trainingJobNameInput,
    (on, input) => void on.training.stop(input.TrainingJobName),
  ),
  operation('ListTrainingJobs', [], training.listTrainingJobsInput, (on, input) => on.training.list(input)),
  operation(
    'CreateTransformJob',
    ['transform-job'],
    transform.createTransformJobInput,
    creating((on, input) => on.transform.create(input)),
  ),
  operation('DescribeTransformJob', ['transform-job'], transform.transformJobNameInput, (on, input) =>
    on.transform.describe(input.TransformJobName),
  ),
  operation(
    'StopTransformJob',
    ['transform-job'],
    transform.transformJobNameInput,
    (on, input) => void on.transform.stop(input.TransformJobName),
  ),
  operation('ListTransformJobs', [], transform.listTransformJobsInput, (on, input) =>
    on.transform.list(input),
  ),
  operation(
    'CreateProcessingJob',
    ['processing-job'],
    processing.createProcessingJobInput,
    creating((on, input) => on.processing.create(input)),
    'RoleArn',
  ),
  operation('DescribeProcessingJob', ['processing-job'], processing.processingJobNameInput, (on, input) =>
    on.processing.describe(input.ProcessingJobName),
  ),
  operation(
    'StopProcessingJob',
    ['processing-job'],
    processing.processingJobNameInput,
    (on, input) => void on.processing.stop(input.ProcessingJobName),
  ),
  operation('ListProcessingJobs', [], processing.listProcessingJobsInput, (on, input) =>
    on.processing.list(input),
  ),
  operation(
    'CreateModel',
    ['model'],
    hosting.createModelInput,
    creating((on, input) => on.models.create(input)),
    'ExecutionRoleArn',
  ),
  operation('DescribeModel', ['model'], hosting.modelNameInput, (on, input) =>
    on.models.describe(input.ModelName),
  ),
  operation(
    'DeleteModel',
    ['model'],
    hosting.modelNameInput,
    (on, input) => void on.models.delete(input.ModelName),
  ),
  operation(
    'CreateModelPackageGroup',
    ['model-package-group'],
    packages.createModelPackageGroupInput,
    creating((on, input) => on.packages.createGroup(input)),
  ),
  operation('CreateModelPackage', ['model-package'], packages.createModelPackageInput, (on, input) =>
    on.packages.create(input),
  ),
  operation('UpdateModelPackage', [], packages.updateModelPackageInput, (on, input) =>
    on.packages.update(input),
  ),
  operation('DescribeModelPackage', [], packages.modelPackageNameInput, (on, input) =>
    on.packages.describe(input.ModelPackageName),
  ),
  operation('ListModels', [], members.listInput, (on, input) => on.models.list(input)),
  operation(
    'CreateEndpointConfig',
    ['endpoint-config'],
    hosting.createEndpointConfigInput,
    creating((on, input) => on.configs.create(input)),
  ),
  operation('DescribeEndpointConfig', ['endpoint-config'], hosting.endpointConfigNameInput, (on, input) =>
    on.configs.describe(input.EndpointConfigName),
  ),
  operation(
    'DeleteEndpointConfig',
    ['endpoint-config'],
    hosting.endpointConfigNameInput,
    (on, input) => void on.configs.delete(input.EndpointConfigName),
  ),
  operation('ListEndpointConfigs', [], members.listInput, (on, input) => on.configs.list(input)),
  operation(
    'CreateEndpoint',
    ['endpoint', 'endpoint-config'],
    hosting.createEndpointInput,
    creating((on, input) => on.endpoints.create(input)),
  ),
  operation('DescribeEndpoint', ['endpoint'], hosting.endpointNameInput, (on, input) =>
    on.endpoints.describe(input.EndpointName),
  ),
  operation('UpdateEndpoint', ['endpoint', 'endpoint-config'], hosting.updateEndpointInput, (on, input) =>
    on.endpoints.update(input.EndpointName, input.EndpointConfigName),
  ),
  operation('UpdateEndpointWeightsAndCapacities', ['endpoint'], hosting.updateWeightsInput, (on, input) =>
    on.endpoints.updateWeights(input.EndpointName, input.DesiredWeightsAndCapacities),
  ),
  operation(
    'DeleteEndpoint',
    ['endpoint'],
    hosting.endpointNameInput,
    (on, input) => void on.endpoints.delete(input.EndpointName),
  ),
  operation('ListEndpoints', [], hosting.listEndpointsInput, (on, input) => on.endpoints.list(input)),
  operation(
    'CreateFeatureGroup',
    ['feature-group'],
    features.createFeatureGroupInput,
    creating((on, input) => on.featureGroups.create(input)),
    'RoleArn',
  ),
  operation('DescribeFeatureGroup', ['feature-group'], features.featureGroupNameInput, (on, input) =>
    on.featureGroups.describe(input.FeatureGroupName),
  ),
  operation(
    'DeleteFeatureGroup',
    ['feature-group'],
    features.featureGroupNameInput,
    (on, input) => void on.featureGroups.delete(input.FeatureGroupName),
  ),
  operation('ListFeatureGroups', [], features.listFeatureGroupsInput, (on, input) =>
    on.featureGroups.list(input),
  ),
  operation('AddTags', [], tagging.addTagsInput, (on, input) => on.tags.add(input.ResourceArn, input.Tags)),
  operation(
    'DeleteTags',
    [],
    tagging.deleteTagsInput,
    (on, input) => void on.tags.remove(input.ResourceArn, input.TagKeys),
  ),
  operation('ListTags', [], tagging.listTagsInput, (on, input) => on.tags.list(input.ResourceArn)),
]);
