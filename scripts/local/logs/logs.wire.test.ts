import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serveServices } from '../testing/serve-one.ts';
import { createLogs } from './index.ts';

const group = '/aws/lambda/millrace-local-worker';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(dataDir?: string) {
  const metrics: { namespace: string; points: readonly unknown[] }[] = [];
  let nowMs = 1_700_000_000_000;
  const served = await serveServices([createLogs], {
    now: () => nowMs++,
    ...(dataDir !== undefined && { dataDir }),
    apis: { cloudwatch: { putMetricData: (namespace, points) => metrics.push({ namespace, points }) } },
  });
  closers.push(served.close);
  const [logs] = served.services;
  // The SDK has no client for CloudWatch Logs among our packages; the protocol is JSON 1.1.
  const call = async (operation: string, input: object) => {
    const response = await fetch(served.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Logs_20140328.${operation}`,
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { logs, call, metrics, served };
}

describe('CloudWatch Logs', () => {
  it('keeps the newest events of a group, also over a restart', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-logs-'));
    const first = await serve(dataDir);
    for (const message of ['one', 'two\nlines', 'three\twith tab'])
      first.logs.append(group, 'stream', message);
    await first.served.close();
    closers.pop();
    const { logs } = await serve(dataDir);
    expect((await logs.tail(group, 2)).map(({ message }) => message)).toEqual([
      'two lines',
      'three\twith tab',
    ]);
    closers.push(async () => rmSync(dataDir, { recursive: true, force: true }));
  });

  it('filters events by terms', async () => {
    const { logs, call } = await serve();
    for (const message of ['INFO started', 'ERROR disk full', 'ERROR retry'])
      logs.append(group, 's', message);
    const { body } = await call('FilterLogEvents', {
      logGroupName: group,
      filterPattern: 'ERROR -"disk full"',
    });
    expect(body['events']).toMatchObject([{ message: 'ERROR retry', logStreamName: 's' }]);
    const structured = await call('FilterLogEvents', { logGroupName: group, filterPattern: '{ $.a = 1 }' });
    expect(structured).toMatchObject({ status: 501, body: { __type: 'NotImplemented' } });
  });

  it('reads one stream from its end', async () => {
    const { logs, call } = await serve();
    logs.append(group, 'a', 'a1');
    logs.append(group, 'b', 'b1');
    logs.append(group, 'a', 'a2');
    const { body } = await call('GetLogEvents', { logGroupName: group, logStreamName: 'a', limit: 1 });
    expect(body['events']).toMatchObject([{ message: 'a2' }]);
  });

  it('names an unknown group', async () => {
    const { call } = await serve();
    expect(await call('FilterLogEvents', { logGroupName: 'nothing' })).toMatchObject({
      status: 400,
      body: { __type: 'ResourceNotFoundException' },
    });
  });

  it('hands on the metrics in a log line', async () => {
    const { logs, metrics } = await serve();
    const line = JSON.stringify({
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          { Namespace: 'Millrace', Dimensions: [['service']], Metrics: [{ Name: 'n', Unit: 'Count' }] },
        ],
      },
      service: 'training',
      n: [1, 2],
    });
    logs.append(group, 's', line);
    const point = {
      name: 'n',
      unit: 'Count',
      dimensions: { service: 'training' },
      timestampMs: 1_700_000_000_000,
    };
    expect(metrics).toEqual([
      {
        namespace: 'Millrace',
        points: [
          { ...point, value: 1 },
          { ...point, value: 2 },
        ],
      },
    ]);
  });
});
