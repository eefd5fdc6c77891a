import { gunzipSync } from 'node:zlib';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type RequiredPermission,
  type RuntimeContext,
} from '../emulated-service.ts';
import { alarmProperties } from './alarm-config.ts';
import type { Alarm, Alarms } from './alarms.ts';
import { readMetricData, readMetricStatistics, recordMetricData } from './metric-operations.ts';
import type { MetricId, MetricStore } from './metric-store.ts';
import {
  alarmNamesInput,
  describeAlarmsInput,
  getMetricDataInput,
  getMetricStatisticsInput,
  listMetricsInput,
  parseInput,
  putMetricDataInput,
  setAlarmStateInput,
} from './wire-input.ts';

/** What the wire API needs of the service. */
export interface WireParts {
  readonly context: RuntimeContext;
  readonly store: MetricStore;
  readonly alarms: Alarms;
  /** Called for each series that got data. */
  onData(id: MetricId): void;
}

/** Name of the operation: `GraniteServiceVersion20100801.<operation>`. */
function operationOf(request: AwsRequest): string {
  return request.headers['x-amz-target']?.split('.')[1] ?? '';
}

/** Alarms are resources; metrics are not, but for the namespace that data is put in. */
export async function authorizeRequest(
  parts: WireParts,
  request: AwsRequest,
): Promise<readonly RequiredPermission[]> {
  const action = `cloudwatch:${operationOf(request)}`;
  const input = (await readJson(request)) as {
    AlarmName?: string;
    AlarmNames?: string[];
    Namespace?: string;
  };
  const names = [...(input.AlarmName === undefined ? [] : [input.AlarmName]), ...(input.AlarmNames ?? [])];
  if (operationOf(request).includes('Alarm') && names.length > 0) {
    return names.map((name) => ({ action, resource: parts.alarms.arnOf(name) }));
  }
  if (operationOf(request) === 'DescribeAlarms') return [{ action, resource: parts.alarms.arnOf('*') }];
  const context = { ...(input.Namespace !== undefined && { 'cloudwatch:namespace': input.Namespace }) };
  return [{ action, resource: '*', context }];
}

export async function handleRequest(parts: WireParts, request: AwsRequest): Promise<AwsResponse> {
  const { store, alarms } = parts;
  const input = await readJson(request);
  switch (operationOf(request)) {
    case 'PutMetricData':
      recordMetricData(store, parseInput(putMetricDataInput, input), parts.context.now(), parts.onData);
      return json({});
    case 'GetMetricData':
      return json(readMetricData(store, parseInput(getMetricDataInput, input)));
    case 'GetMetricStatistics':
      return json(readMetricStatistics(store, parseInput(getMetricStatisticsInput, input)));
    case 'ListMetrics':
      return json({ Metrics: listMetrics(store, input) });
    case 'PutMetricAlarm':
      alarms.put(parseInput(alarmProperties, input));
      return json({});
    case 'DescribeAlarms':
      return json(describeAlarms(alarms, input));
    case 'DeleteAlarms':
      alarms.delete(parseInput(alarmNamesInput, input).AlarmNames);
      return json({});
    case 'SetAlarmState': {
      const read = parseInput(setAlarmStateInput, input);
      alarms.setState(read.AlarmName, read.StateValue, read.StateReason, read.StateReasonData);
      return json({});
    }
    case 'EnableAlarmActions':
    case 'DisableAlarmActions':
      alarms.setActionsEnabled(
        parseInput(alarmNamesInput, input).AlarmNames,
        operationOf(request) === 'EnableAlarmActions',
      );
      return json({});
    default:
      throw new AwsError(
        'NotImplemented',
        `The laptop runtime does not imitate CloudWatch ${operationOf(request)}.`,
        501,
      );
  }
}

function listMetrics(store: MetricStore, input: unknown): readonly object[] {
  const filter = parseInput(listMetricsInput, input);
  return store
    .list()
    .filter(
      (id) =>
        (filter.Namespace ?? id.namespace) === id.namespace &&
        (filter.MetricName ?? id.name) === id.name &&
        filter.Dimensions.every(({ Name, Value }) =>
          Value === undefined ? Name in id.dimensions : id.dimensions[Name] === Value,
        ),
    )
    .map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    }));
}

function describeAlarms(alarms: Alarms, input: unknown): object {
  const filter = parseInput(describeAlarmsInput, input);
  const matching = alarms
    .list()
    .filter(
      ({ config, status }) =>
        (filter.AlarmNames?.includes(config.AlarmName) ?? true) &&
        config.AlarmName.startsWith(filter.AlarmNamePrefix) &&
        (filter.StateValue ?? status.state) === status.state,
    );
  const start = Number(filter.NextToken ?? 0);
  const end = start + filter.MaxRecords;
  return {
    MetricAlarms: matching.slice(start, end).map(describeAlarm),
    CompositeAlarms: [],
    ...(end < matching.length && { NextToken: String(end) }),
  };
}

function describeAlarm({ config, arn, configuredAtMs, status }: Alarm): object {
  const { Tags: _tags, ...shown } = config;
  return {
    ...shown,
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: configuredAtMs / 1000,
    StateValue: status.state,
    StateReason: status.reason,
    StateReasonData: status.reasonData,
    StateUpdatedTimestamp: status.updatedAtMs / 1000,
    StateTransitionedTimestamp: status.updatedAtMs / 1000,
  };
}

/** The SDK compresses large PutMetricData requests. */
async function readJson(request: AwsRequest): Promise<unknown> {
  const body = await request.bytes();
  const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return JSON.parse(text.toString() || '{}') as unknown;
}

function json(body: object): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
  };
}
