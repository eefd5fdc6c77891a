import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, it, vi } from 'vitest';
import { createCloudWatch } from '../cloudwatch/index.ts';
import type { CloudWatchApi } from '../emulated-service.ts';
import { serveServices } from '../testing/serve-one.ts';
import { createSqsSns } from './index.ts';

const queueName = 'registry-dead-letters';
let close: (() => Promise<void>) | undefined;
afterEach(async () => close?.());

it('fires the alarm of a dead-letter queue that holds a message', async () => {
  const apis: { cloudwatch?: CloudWatchApi; events: { publish: () => Promise<void> } } = {
    events: { publish: async () => undefined },
  };
  const served = await serveServices([createSqsSns, (context) => createCloudWatch(context)] as const, {
    apis,
  });
  close = served.close;
  const [queues, cloudwatch] = served.services;
  apis.cloudwatch = cloudwatch;
  const config = {
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const properties = { QueueName: queueName };
  const { ref } = await queues.provision({
    stackName: 's',
    logicalId: 'Queue',
    type: 'AWS::SQS::Queue',
    properties,
  });
  const alarms = new CloudWatchClient(config);
  await alarms.send(
    new PutMetricAlarmCommand({
      AlarmName: queueName,
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: queueName }],
      Statistic: 'Maximum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );
  await new SQSClient(config).send(new SendMessageCommand({ QueueUrl: ref, MessageBody: 'failed for good' }));
  await queues.resume?.();
  await vi.waitFor(async () => {
    const { MetricAlarms } = await alarms.send(new DescribeAlarmsCommand({ AlarmNames: [queueName] }));
    expect(MetricAlarms?.[0]?.StateValue).toBe('ALARM');
  });
});
