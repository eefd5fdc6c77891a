import { HistoricalFeaturesRequested } from '#events/feature-store.ts';
import {
  jobEnvironment,
  planEnvironment,
  retrievalFunctions,
  rowEnvironment,
  stageEnvironment,
} from '#services/feature-store/env.ts';
import { resourcePrefix } from '#shared/kernel/names.ts';
import { AwsEventSubscription, EventSubscription } from '../event-subscription.ts';
import { ProcessingJobs } from '../processing-jobs.ts';
import { ServiceFunction } from '../service-function.ts';
import type { ServiceStack } from '../service-stack.ts';
import type { ServiceTable } from '../service-table.ts';
import { StageSchedule } from '../stage-schedule.ts';

const retrievals = 'feature-store/*/retrievals/';
const entityFiles = 'feature-store/*/entity-files/';
/** Validated rows, records that landed, files of entity rows, and plans. */
const readInData = ['validation/', 'feature-store/'];

/** Training sets that people ask for: planned by size, made by functions or Processing jobs. `http` takes the requests. */
export function addHistorical(stack: ServiceStack, table: ServiceTable, http: ServiceFunction): void {
  const jobs = new ProcessingJobs(stack, 'feature-store', {
    read: { data: readInData.map((prefix) => `${prefix}*`), captures: ['predictions/*'] },
    written: [`${retrievals}*`],
  });
  takesRequests(http);
  plans(stack, table, jobs);
  retrieves(stack, table);
  settlesJobs(stack, table, jobs);
}

function takesRequests(http: ServiceFunction): void {
  http
    .allowObjects('data', retrievals, ['s3:GetObject', 's3:PutObject'])
    .allowObjects('data', entityFiles, ['s3:GetObject', 's3:PutObject'])
    .mayQuery('projects', 'validation');
}

function plans(stack: ServiceStack, table: ServiceTable, jobs: ProcessingJobs): void {
  const { platform } = stack;
  const requested = new ServiceFunction(stack, 'on-historical-features-requested', {
    description: 'Lets a retrieval begin',
    environmentSchema: stageEnvironment,
    memorySizeMb: 256,
  });
  mayWake(stack, requested);
  new EventSubscription(stack, HistoricalFeaturesRequested, requested);

  const plan = new ServiceFunction(stack, 'plan-retrieval', {
    description: 'Sets a function or a job to a retrieval',
    environment: { FUNCTION_CHECK_MAX_BYTES: String(platform.config.functionCheckMaxBytes) },
    environmentSchema: planEnvironment,
    timeoutSeconds: 300,
  })
    .mayQuery('validation')
    .allow(
      ['lambda:InvokeFunction'],
      Object.keys(retrievalFunctions).map((handler) => platform.functionArn('feature-store', handler)),
    );
  endsRetrievals(table, plan);
  mayWake(stack, plan);
  table.grantByKey(plan, 'Query');
  jobs.allowStarting(plan);
  plan.deadLetterAsynchronousFailures();
}

function retrieves(stack: ServiceStack, table: ServiceTable): void {
  for (const [handler, { memoryMb, diskMb }] of Object.entries(retrievalFunctions)) {
    const fn = new ServiceFunction(stack, handler, {
      description: `Makes training sets of features at given times, with ${memoryMb} MB`,
      environmentSchema: rowEnvironment,
      duckdb: true,
      memorySizeMb: memoryMb,
      timeoutSeconds: 900,
      ephemeralStorageMb: diskMb,
    });
    for (const prefix of readInData) fn.allowObjects('data', prefix, ['s3:GetObject']);
    fn.allowObjects('captures', 'predictions/', ['s3:GetObject']);
    endsRetrievals(table, fn);
    mayWake(stack, fn);
    fn.deadLetterAsynchronousFailures();
  }
}

/** The end of a job, as SageMaker tells of it or as the hourly round finds it. */
function settlesJobs(stack: ServiceStack, table: ServiceTable, jobs: ProcessingJobs): void {
  const options = { environmentSchema: jobEnvironment, timeoutSeconds: 300 };
  const watcher = new ServiceFunction(stack, 'on-processing-job-changed', {
    description: 'Publishes the training set that a Processing job made',
    ...options,
  });
  const repairer = new ServiceFunction(stack, 'every-hour-retrievals', {
    description: 'Repairs retrievals that were left behind, and deletes old files of entity rows',
    ...options,
  })
    .allowObjects('data', entityFiles, ['s3:DeleteObjectVersion'])
    .allowListing('data', entityFiles, ['versions']);
  for (const fn of [watcher, repairer]) {
    endsRetrievals(table, fn);
    mayWake(stack, fn);
  }
  jobs.allowWatching(watcher);
  jobs.allowWatching(repairer, { stopping: true });
  table.grantByKey(repairer, 'DeleteItem', 'BatchWriteItem');
  table.grantIndexQuery(repairer);
  new StageSchedule(stack, { minutes: 60 }, repairer);
  const detail = { ProcessingJobName: [{ prefix: `${resourcePrefix(stack.platform.stage)}-` }] };
  const detailType = 'SageMaker Processing Job State Change';
  new AwsEventSubscription(stack, { source: 'aws.sagemaker', detailType, detail }, watcher);
}

/** Publishes outcomes: reads and writes documents, and changes retrievals. */
function endsRetrievals(table: ServiceTable, fn: ServiceFunction): void {
  fn.allowObjects('data', retrievals, ['s3:GetObject', 's3:PutObject']);
  table.grantByKey(fn, 'GetItem', 'PutItem');
}

function mayWake(stack: ServiceStack, fn: ServiceFunction): void {
  fn.allow(['lambda:InvokeFunction'], [stack.platform.functionArn('feature-store', 'plan-retrieval')]);
}
