import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FeatureErasureRequested, FeatureSkewCheckRequested } from '#events/feature-store.ts';
import { CapturesErased, PredictionBatchCaptured } from '#events/predictions.ts';
import { oversightMetrics } from '#services/feature-store/contract.ts';
import { builderEnvironment, queryEnvironment, writerEnvironment } from '#services/feature-store/env.ts';
import { metricsNamespace, resourcePrefix } from '#shared/kernel/names.ts';
import { stageAlarm } from '../alarm.ts';
import { EventSubscription } from '../event-subscription.ts';
import { ServiceFunction } from '../service-function.ts';
import type { ServiceStack } from '../service-stack.ts';
import type { ServiceTable } from '../service-table.ts';
import { StageSchedule } from '../stage-schedule.ts';
import type { SagemakerGroups } from './sagemaker-groups.ts';

/** An object and the database of its rows. */
const heavyWork = { duckdb: true, memorySizeMb: 2048, timeoutSeconds: 900, ephemeralStorageMb: 8192 };
const reports = 'feature-store/*/skew/';
const erasures = 'feature-store/*/erasures/';
const records = 'feature-store/*/records/';

/** Knows the captured predictions, and compares, watches and erases by them. */
export function addOversight(stack: ServiceStack, table: ServiceTable, groups: SagemakerGroups): void {
  const captured = new ServiceFunction(stack, 'on-prediction-batch-captured', {
    description: 'Remembers which predictions were captured in which file',
    environmentSchema: queryEnvironment,
    memorySizeMb: 256,
  });
  table.grantByKey(captured, 'PutItem');
  new EventSubscription(stack, PredictionBatchCaptured, captured);

  const comparer = new ServiceFunction(stack, 'on-feature-skew-check-requested', {
    description: 'Compares what was served with what training would have seen',
    environmentSchema: builderEnvironment,
    ...heavyWork,
  })
    .allowObjects('captures', 'predictions/', ['s3:GetObject'])
    .allowObjects('data', 'validation/', ['s3:GetObject'])
    .allowObjects('data', records, ['s3:GetObject'])
    .allowObjects('data', reports, ['s3:PutObject'])
    .mayQuery('validation');
  table.grantByKey(comparer, 'GetItem', 'BatchGetItem', 'Query', 'PutItem');
  new EventSubscription(stack, FeatureSkewCheckRequested, comparer);

  addErasures(stack, table, groups);
  if (stack.platform.config.alarms) addAlarms(stack);

  const hourly = new ServiceFunction(stack, 'every-hour', {
    description: 'Asks for looks at skew that are due, and has abandoned erasures gone on with',
    environmentSchema: writerEnvironment,
    timeoutSeconds: 300,
  })
    .allowObjects('data', erasures, ['s3:DeleteObjectVersion'])
    .allowListing('data', 'feature-store/', ['versions']);
  table.grant(hourly, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem');
  new StageSchedule(stack, { minutes: 60 }, hourly);
}

function addErasures(stack: ServiceStack, table: ServiceTable, groups: SagemakerGroups): void {
  const eraser = new ServiceFunction(stack, 'on-feature-erasure-requested', {
    description: 'Erases entities from online values, landed records and reports',
    environmentSchema: builderEnvironment,
    ...heavyWork,
  })
    .allowObjects('data', records, ['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion'])
    .allowObjects('data', reports, ['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion'])
    .allowObjects('data', erasures, ['s3:GetObject', 's3:PutObject'])
    .allowListing('data', 'feature-store/', ['versions']);
  table.grantByKey(eraser, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem');
  groups.allowDeleting(eraser);
  new EventSubscription(stack, FeatureErasureRequested, eraser);

  const captures = new ServiceFunction(stack, 'on-captures-erased', {
    description: 'Knows the capture files that were rewritten, and ends erasures',
    environmentSchema: writerEnvironment,
    timeoutSeconds: 120,
  })
    .allowObjects('captures', 'erasures/', ['s3:GetObject'])
    .allowObjects('data', erasures, ['s3:PutObject']);
  table.grantByKey(captures, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem');
  new EventSubscription(stack, CapturesErased, captures);
}

/** What a model is served with concerns whoever answers for the stage. */
function addAlarms(stack: ServiceStack): void {
  const { platform } = stack;
  for (const [id, metricName, name, alarmDescription] of [
    [
      'FreshnessAlarm',
      oversightMetrics.breaches,
      'stale-features',
      'A feature view is older online than its objective allows. The project’s newest journey says which; see to its data, or materialize it.',
    ],
    [
      'SkewAlarm',
      oversightMetrics.failedReports,
      'feature-skew',
      'Features were served with other values than training would have seen. The project’s newest journey says which; read the report and mend their source.',
    ],
  ] as const)
    stageAlarm(stack, id, platform, {
      alarmName: `${resourcePrefix(platform.stage)}-${name}`,
      alarmDescription,
      metric: new Metric({
        namespace: metricsNamespace(platform.stage),
        metricName,
        dimensionsMap: { service: 'feature-store' },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
    });
}

/** What the function that answers people needs for skew, freshness and erasures. */
export function allowOversight(http: ServiceFunction): void {
  http
    .allowObjects('data', reports, ['s3:GetObject'])
    .allowObjects('data', erasures, ['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion'])
    .allowListing('data', 'feature-store/', ['versions']);
}
