import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchCanary } from '#services/deployment/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { example, monitoredModel, project } from './monitored-model.ts';
import { Operator } from './operator.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const TableName = 'millrace-local-deployment';
let operator: Operator;
/** Of a release that waits for people: it stands for one that waits for what is tested. */
let taskToken: string;

beforeAll(async () => {
  await platform.start();
  operator = new Operator(platform);
  await platform.call(applyProject, { params: { project }, body: example('project.yaml') });
  await monitoredModel(platform).register('Pass');
  taskToken = await platform.eventually('a release that waits', async () => {
    const [call] = await operator.callsOf('release', 'task-request-approval');
    return (call as { context: { taskToken: string } } | undefined)?.context.taskToken;
  });
});
afterAll(() => platform.close());

/** An endpoint that a release waits for since long ago, and that SageMaker does not know (any more). */
const waitFor = (endpointName: string) => {
  const held = {
    endpointName,
    project: 'wine',
    releaseId: 'R1',
    model: 'wine',
    modelVersion: 1,
    status: 'creating',
    graceSeconds: 0,
    changedAt: '2020-01-01T00:00:00.000Z',
    taskToken,
  };
  const item = { pk: 'ENDPOINTS', sk: endpointName, schemaVersion: 1, held, taskToken };
  return operator.documents.send(new PutCommand({ TableName, Item: item }));
};
const statusOf = async (endpointName: string) => {
  const Key = { pk: 'ENDPOINTS', sk: endpointName };
  const { Item } = await operator.documents.send(new GetCommand({ TableName, Key }));
  return (Item!['held'] as { status: string }).status;
};

describe('a release that waits for an endpoint that is gone', () => {
  it('is told when SageMaker says that something changed', async () => {
    await waitFor('millrace-local-wine-v1');
    await platform.invoke('deployment', 'on-endpoint-changed', {
      id: 'E1',
      'detail-type': 'SageMaker Endpoint State Change',
      detail: { EndpointName: 'millrace-local-wine-v1' },
    });
    expect(await statusOf('millrace-local-wine-v1')).toBe('failed');
  });

  it('is told in the hourly round where SageMaker said nothing', async () => {
    await waitFor('millrace-local-wine-v2');
    await platform.invoke('deployment', 'every-hour', {});
    expect(['failed', 'retired']).toContain(await statusOf('millrace-local-wine-v2'));
  });
});

describe('a canary whose alarm fired before anybody watched', () => {
  it('fails at once', async () => {
    const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
    const cloudwatch = new CloudWatchClient({ endpoint, region, credentials });
    const AlarmName = 'millrace-local-canary-wine-v1-errors';
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'AWS/SageMaker',
        MetricName: 'Invocation5XXErrors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'breaching',
      }),
    );
    await platform.eventually('the alarm', async () => {
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
      return MetricAlarms?.[0]?.StateValue === 'ALARM' ? true : undefined;
    });
    const metadata = startingJourney({
      eventId: 'R1',
      occurredAt: new Date(),
      project: 'wine',
      actor: { type: 'user', id: 'ann' },
    });
    const release = { releaseId: 'R1', project: 'wine', model: 'wine', modelVersion: 1 };
    await platform.invoke('deployment', watchCanary.handler, {
      context: { metadata, executionArn: 'arn', taskToken },
      input: { ...release, alarmNames: [AlarmName] },
    });
    const group = '/aws/lambda/millrace-local-deployment-task-watch-canary';
    const lines = await platform.runtime.services.logs.tail(group, 100);
    // It answered, with a token that was answered before.
    expect(lines.map(({ message }) => message).join('\n')).toContain('The task token is gone');
  });
});
