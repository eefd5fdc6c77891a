import { CfnOutput, Duration } from 'aws-cdk-lib';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { FeaturesDefined } from '#events/feature-store.ts';
import { builderEnvironment, landingEnvironment, recordsEnvironment } from '#services/feature-store/env.ts';
import { resourcePrefix } from '#shared/kernel/names.ts';
import { stageAlarm } from '../alarm.ts';
import { EventSubscription } from '../event-subscription.ts';
import { keptWhereProtected } from '../removal.ts';
import { ServiceFunction } from '../service-function.ts';
import type { ServiceStack } from '../service-stack.ts';
import type { ServiceTable } from '../service-table.ts';
import { StageSchedule } from '../stage-schedule.ts';

/** Records wait at most so long for company before they become a file. */
const landingWindowSeconds = 2;
const takerSeconds = 60;
/** So often a message is tried before it goes to the dead-letter queue. */
const tries = 5;

const queueName = (stage: string): string => `${resourcePrefix(stage)}-feature-records`;

/** Takes records of streams off a queue and off Kinesis streams, and keeps them as files. */
export function addRecords(stack: ServiceStack, table: ServiceTable): void {
  takeRecords(stack, table);

  const lander = new ServiceFunction(stack, 'land-records', {
    description: 'Makes files of records',
    environmentSchema: landingEnvironment,
    timeoutSeconds: 120,
    memorySizeMb: 1024,
  })
    .allowObjects('data', 'feature-store/*/records/', ['s3:PutObject', 's3:DeleteObjectVersion'])
    .allowListing('data', 'feature-store/', ['versions']);
  table.grantByKey(lander, 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem');
  table.streamNewItems(lander, {
    id: 'Records',
    keyPrefixes: ['RECORD#'],
    batchSize: 1000,
    windowSeconds: landingWindowSeconds,
  });

  const compacter = new ServiceFunction(stack, 'every-hour-records', {
    description: 'Puts files of records together as Parquet',
    environmentSchema: builderEnvironment,
    duckdb: true,
    memorySizeMb: 2048,
    timeoutSeconds: 900,
    ephemeralStorageMb: 10_240,
  })
    .allowObjects('data', 'feature-store/*/records/', [
      's3:GetObject',
      's3:PutObject',
      's3:DeleteObjectVersion',
    ])
    .allowListing('data', 'feature-store/', ['versions']);
  table.grant(compacter, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem');
  new StageSchedule(stack, { minutes: 60 }, compacter);
  fillVersions(stack, table);
}

/** The function that fills new versions of stream views; those that it does not end are left to the hourly one. */
function fillVersions(stack: ServiceStack, table: ServiceTable): void {
  const filler = new ServiceFunction(stack, 'fill-stream-versions', {
    description: 'Fills new versions of stream views with earlier records',
    environmentSchema: builderEnvironment,
    duckdb: true,
    memorySizeMb: 2048,
    timeoutSeconds: 900,
    // The landed records and the database of them.
    ephemeralStorageMb: 10_240,
  }).allowObjects('data', 'feature-store/*/records/', ['s3:GetObject']);
  table.grantByKey(filler, 'GetItem', 'Query', 'PutItem');
  new EventSubscription(stack, FeaturesDefined, filler);
}

/** The queue of the stage, the streams that its settings name, and the function that reads both. */
function takeRecords(stack: ServiceStack, table: ServiceTable): void {
  const { config, stage } = stack.platform;
  const { queueArn: deadLettersArn } = stack.deadLetters;
  const taker = new ServiceFunction(stack, 'take-records', {
    description: 'Takes records off the queue',
    environmentSchema: recordsEnvironment,
    memorySizeMb: 1024,
    timeoutSeconds: takerSeconds,
  });
  table.grantByKey(taker, 'GetItem', 'BatchGetItem', 'PutItem');
  const queue = new Queue(stack, 'Records', {
    queueName: queueName(stage),
    encryption: QueueEncryption.SQS_MANAGED,
    retentionPeriod: Duration.days(4),
    visibilityTimeout: Duration.seconds(6 * takerSeconds),
    deadLetterQueue: { queue: stack.deadLetters, maxReceiveCount: tries },
    removalPolicy: keptWhereProtected(config),
    enforceSSL: true,
  });
  if (config.alarms) alarmOnBacklog(stack, queue);
  taker.allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
    [queue.queueArn],
  );
  const mapping = taker.function.addEventSourceMapping('Queue', {
    eventSourceArn: queue.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
  });
  mapping.node.addDependency(taker.function.role!);
  new CfnOutput(stack, 'FeatureRecordsQueueUrl', { value: queue.queueUrl });
  for (const [index, streamArn] of config.featureRecordStreams.entries()) {
    taker
      .allow(['kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator'], [streamArn])
      .allow(['kinesis:ListShards', 'kinesis:DescribeStream'], [streamArn])
      .allow(['sqs:SendMessage'], [deadLettersArn]);
    const reading = taker.function.addEventSourceMapping(`Stream${index}`, {
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      onFailure: { bind: () => ({ destination: deadLettersArn }) },
    });
    reading.node.addDependency(taker.function.role!);
  }
}

/** So many messages wait where records come faster than they are taken. */
const backlogMessages = 10_000;

function alarmOnBacklog(stack: ServiceStack, queue: Queue): void {
  stageAlarm(stack, 'RecordsAlarm', stack.platform, {
    alarmName: queueName(stack.platform.stage),
    alarmDescription:
      'Records of features come faster than they are taken: online values are late. Read the log of take-records.',
    metric: queue.metricApproximateNumberOfMessagesVisible({
      statistic: 'Maximum',
      period: Duration.minutes(5),
    }),
    threshold: backlogMessages,
  });
}
