import { APIGatewayClient, DeleteApiKeyCommand, paginateGetApiKeys } from '@aws-sdk/client-api-gateway';
import { CloudWatchClient, DeleteAlarmsCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  paginateListBuckets,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteFeatureGroupCommand,
  DeleteModelCommand,
  paginateListEndpointConfigs,
  paginateListEndpoints,
  paginateListFeatureGroups,
  paginateListModels,
  paginateListProcessingJobs,
  paginateListTrainingJobs,
  paginateListTransformJobs,
  SageMakerClient,
  StopProcessingJobCommand,
  StopTrainingJobCommand,
  StopTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import {
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { resourcePrefix } from '#shared/kernel/names.ts';

/** Something that a stage made while it ran, which no stack owns. */
export interface Leftover {
  readonly kind: string;
  readonly name: string;
  remove(): Promise<unknown>;
}

/**
 * What a stage leaves behind: waiting executions (which keep their state machine from being deleted), jobs, endpoints (paid by the
 * hour), their configurations and models, feature groups, alarms of canaries, API keys of tokens. In the order in which it must go.
 */
export async function leftoversOf(stage: string): Promise<Leftover[]> {
  const prefix = `${resourcePrefix(stage)}-`;
  const found = await Promise.all([executions(prefix), sagemaker(prefix), alarms(prefix), apiKeys(prefix)]);
  return found.flat();
}

async function executions(prefix: string): Promise<Leftover[]> {
  const client = new SFNClient({});
  const leftovers: Leftover[] = [];
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    for (const { stateMachineArn } of stateMachines.filter(({ name }) => name?.startsWith(prefix))) {
      const running = { stateMachineArn, statusFilter: 'RUNNING' as const };
      for await (const page of paginateListExecutions({ client }, running)) {
        for (const { executionArn = '' } of page.executions ?? []) {
          const stop = new StopExecutionCommand({ executionArn, cause: 'The stage is taken down.' });
          leftovers.push({ kind: 'execution', name: executionArn, remove: () => client.send(stop) });
        }
      }
    }
  }
  return leftovers;
}

async function sagemaker(prefix: string): Promise<Leftover[]> {
  const client = new SageMakerClient({});
  const named = { NameContains: prefix };
  const [config, running] = [{ client }, { ...named, StatusEquals: 'InProgress' as const }];
  const leftovers: Leftover[] = [];
  const add = (kind: string, name: string | undefined, remove: (name: string) => Promise<unknown>) => {
    if (name?.startsWith(prefix)) leftovers.push({ kind, name, remove: () => remove(name) });
  };
  for await (const page of paginateListTrainingJobs(config, running))
    for (const { TrainingJobName: job } of page.TrainingJobSummaries ?? [])
      add('training job', job, (name) => client.send(new StopTrainingJobCommand({ TrainingJobName: name })));
  for await (const page of paginateListTransformJobs(config, running))
    for (const { TransformJobName: job } of page.TransformJobSummaries ?? [])
      add('transform job', job, (name) =>
        client.send(new StopTransformJobCommand({ TransformJobName: name })),
      );
  for await (const page of paginateListProcessingJobs(config, running))
    for (const { ProcessingJobName: job } of page.ProcessingJobSummaries ?? [])
      add('processing job', job, (name) =>
        client.send(new StopProcessingJobCommand({ ProcessingJobName: name })),
      );
  for await (const page of paginateListEndpoints(config, named))
    for (const { EndpointName: endpoint } of page.Endpoints ?? [])
      add('endpoint', endpoint, (name) => client.send(new DeleteEndpointCommand({ EndpointName: name })));
  for await (const page of paginateListEndpointConfigs(config, named))
    for (const { EndpointConfigName: one } of page.EndpointConfigs ?? [])
      add('endpoint configuration', one, (name) =>
        client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })),
      );
  for await (const page of paginateListFeatureGroups(config, named))
    for (const { FeatureGroupName: group } of page.FeatureGroupSummaries ?? [])
      add('feature group', group, (name) =>
        client.send(new DeleteFeatureGroupCommand({ FeatureGroupName: name })),
      );
  for await (const page of paginateListModels(config, named))
    for (const { ModelName: model } of page.Models ?? [])
      add('model', model, (name) => client.send(new DeleteModelCommand({ ModelName: name })));
  return leftovers;
}

/** Only canaries' alarms: the stacks own the others. */
async function alarms(prefix: string): Promise<Leftover[]> {
  const client = new CloudWatchClient({});
  const leftovers: Leftover[] = [];
  for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix: `${prefix}canary-` })) {
    for (const { AlarmName: name = '' } of page.MetricAlarms ?? []) {
      const remove = () => client.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
      leftovers.push({ kind: 'alarm', name, remove });
    }
  }
  return leftovers;
}

async function apiKeys(prefix: string): Promise<Leftover[]> {
  const client = new APIGatewayClient({});
  const leftovers: Leftover[] = [];
  for await (const page of paginateGetApiKeys({ client }, { nameQuery: `${prefix}token-` })) {
    for (const { id, name = '' } of page.items ?? []) {
      const remove = () => client.send(new DeleteApiKeyCommand({ apiKey: id }));
      leftovers.push({ kind: 'API key', name, remove });
    }
  }
  return leftovers;
}

/** The stage's buckets that hold objects or versions of them, which must go before a bucket can. */
export async function objectsOf(stage: string): Promise<Leftover[]> {
  const client = new S3Client({});
  const prefix = `${resourcePrefix(stage)}-`;
  const leftovers: Leftover[] = [];
  for await (const { Buckets = [] } of paginateListBuckets({ client }, { Prefix: prefix })) {
    for (const { Name: name = '' } of Buckets) {
      if (!name.startsWith(prefix) || (await versionsIn(client, name)).length === 0) continue;
      leftovers.push({ kind: 'objects of bucket', name, remove: () => empty(client, name) });
    }
  }
  return leftovers;
}

/** The first thousand. */
async function versionsIn(client: S3Client, Bucket: string) {
  const page = await client.send(new ListObjectVersionsCommand({ Bucket }));
  const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
  return versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
}

async function empty(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const Objects = await versionsIn(client, Bucket);
    if (Objects.length === 0) return;
    const Delete = { Objects, Quiet: true };
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }));
    if (Errors[0]) throw new Error(`${Bucket}/${Errors[0].Key}: ${Errors[0].Message}`);
  }
}
