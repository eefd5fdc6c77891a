import { FeatureErasureRequested, FeatureSkewCheckRequested } from '#events/feature-store.ts';
import { CapturesErased, PredictionBatchCaptured } from '#events/predictions.ts';
import { builderEnvironment, queryEnvironment, writerEnvironment } from '#services/feature-store/env.ts';
import { EventSubscription } from '../event-subscription.ts';
import { ServiceFunction } from '../service-function.ts';
import type { ServiceStack } from '../service-stack.ts';
import type { ServiceTable } from '../service-table.ts';
import { StageSchedule } from '../stage-schedule.ts';

/** An object and the database of its rows. */
const heavyWork = { duckdb: true, memorySizeMb: 2048, timeoutSeconds: 900, ephemeralStorageMb: 8192 };
const reports = 'feature-store/*/skew/';
const erasures = 'feature-store/*/erasures/';
const records = 'feature-store/*/records/';

/** Knows the captured predictions, and compares, watches and erases by them. */
export function addOversight(stack: ServiceStack, table: ServiceTable): void {
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

  addErasures(stack, table);

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

function addErasures(stack: ServiceStack, table: ServiceTable): void {
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

/** What the function that answers people needs for skew, freshness and erasures. */
export function allowOversight(http: ServiceFunction): void {
  http
    .allowObjects('data', reports, ['s3:GetObject'])
    .allowObjects('data', erasures, ['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion'])
    .allowListing('data', 'feature-store/', ['versions']);
}
