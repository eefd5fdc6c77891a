import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DynamoDbStreamsApi, Faults, SqsApi, StreamRecord } from '../emulated-service.ts';
import { makeTestContext } from '../testing/serve-one.ts';
import { Checkpoint } from './checkpoint.ts';
import type { MappingConfig } from './event-source-mapping.ts';
import type { InvocationResult } from './invoker.ts';
import { StreamMapping } from './stream-mapping.ts';

const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/1';
const nowMs = 1_700_000_000_000;

let dataDir: string;
let running: StreamMapping[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-stream-'));
});
afterEach(() => {
  for (const mapping of running) mapping.stop();
  running = [];
  rmSync(dataDir, { recursive: true, force: true });
});

/** A stream in memory. */
class Stream implements DynamoDbStreamsApi {
  readonly records: StreamRecord[] = [];
  readonly #listeners = new Set<(records: readonly StreamRecord[]) => void>();
  reads = 0;

  add(...keys: string[]): void {
    const before = this.records.length;
    for (const key of keys) {
      const SequenceNumber = String(this.records.length + 1);
      this.records.push({
        eventID: `event-${SequenceNumber}`,
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'us-east-1',
        eventSourceARN: streamArn,
        dynamodb: {
          ApproximateCreationDateTime: nowMs / 1000,
          Keys: { pk: { S: key } },
          NewImage: { pk: { S: key } },
          SequenceNumber,
          SizeBytes: 1,
          StreamViewType: 'NEW_IMAGE',
        },
      });
    }
    for (const listener of this.#listeners) listener(this.records.slice(before));
  }
  async readStream(_arn: string, after: string, limit: number) {
    this.reads += 1;
    return this.records
      .filter(({ dynamodb }) => Number(dynamodb.SequenceNumber) > Number(after))
      .slice(0, limit);
  }
  async latestSequenceNumber() {
    return String(this.records.length);
  }
  onStreamRecord(_arn: string, listener: (records: readonly StreamRecord[]) => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const baseConfig: MappingConfig = {
  uuid: 'mapping',
  enabled: true,
  source: 'dynamodb',
  eventSourceArn: streamArn,
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:publisher',
  batchSize: 10,
  batchingWindowSeconds: 0,
  startingPosition: 'TRIM_HORIZON',
  filters: [],
  reportsBatchItemFailures: false,
  bisectOnError: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
};

/** Decides how the function takes a batch of keys: nothing (done), `fail`, or the keys that failed. */
type Reply = (keys: readonly string[], invocation: number) => 'fail' | readonly string[] | undefined;

async function start(
  stream: Stream,
  config: Partial<MappingConfig> = {},
  reply: Reply = () => undefined,
  faults?: Faults,
) {
  const batches: string[][] = [];
  const sent: string[] = [];
  const context = makeTestContext({
    dataDir,
    now: () => nowMs,
    ...(faults && { faults }),
    apis: {
      dynamodb: stream,
      cloudwatch: { putMetricData: () => undefined },
      sqs: {
        sendMessage: async (_arn: string, body: string) => void sent.push(body),
      } as Partial<SqsApi> as SqsApi,
    },
  });
  const invoke = async (records: readonly object[]): Promise<InvocationResult> => {
    const typed = records as readonly StreamRecord[];
    const keys = typed.map(keyOf);
    batches.push(keys);
    const answer = reply(keys, batches.length);
    const failed = typed.filter((record) => Array.isArray(answer) && answer.includes(keyOf(record)));
    const batchItemFailures = failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber }));
    return {
      requestId: 'r',
      executedVersion: '$LATEST',
      failed: answer === 'fail',
      body: Buffer.from(JSON.stringify({ batchItemFailures })),
    };
  };
  const mapping = new StreamMapping(
    { ...baseConfig, ...config },
    {
      context,
      invoke,
      principal: () => ({ kind: 'operator', arn: 'operator' }),
      retryDelayMs: () => 0,
    },
    new Checkpoint(dataDir, 'mapping'),
  );
  running.push(mapping);
  await mapping.start();
  return { mapping, batches, sent };
}

function keyOf(record: StreamRecord): string {
  return (record.dynamodb.Keys['pk'] as { S: string }).S;
}

async function until(check: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000 && !check(); turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 1));
  expect(check()).toBe(true);
}

const position = () => new Checkpoint(dataDir, 'mapping').load();
async function untilPosition(expected: string): Promise<void> {
  for (let turn = 0; turn < 2000 && (await position()) !== expected; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(await position()).toBe(expected);
}

describe('a stream mapping', () => {
  it('delivers what lies in the stream and then each new record, in order', async () => {
    const stream = new Stream();
    stream.add('a', 'b');
    const { batches } = await start(stream);
    await until(() => batches.length === 1);
    stream.add('c');
    await until(() => batches.length === 2);
    expect(batches).toEqual([['a', 'b'], ['c']]);
    await untilPosition('3');
  });

  it('begins at the records after its creation when it starts at LATEST, and goes on there after a restart', async () => {
    const stream = new Stream();
    stream.add('old');
    const first = await start(stream, { startingPosition: 'LATEST' });
    first.mapping.stop();
    stream.add('while-stopped');
    const second = await start(stream, { startingPosition: 'LATEST' });
    await until(() => second.batches.length === 1);
    expect([...first.batches, ...second.batches]).toEqual([['while-stopped']]);
  });

  it('cuts at the batch size', async () => {
    const stream = new Stream();
    stream.add('a', 'b', 'c');
    const { batches } = await start(stream, { batchSize: 2 });
    await until(() => batches.length === 2);
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  it('reads nothing while nothing arrives that a filter matches, and then all that does', async () => {
    const stream = new Stream();
    const filters = [{ dynamodb: { NewImage: { pk: { S: [{ prefix: 'outbox#' }] } } } }];
    const { batches } = await start(stream, { filters });
    await until(() => stream.reads === 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (let n = 0; n < 20; n += 1) stream.add(`item#${n}`);
    stream.add('item#last', 'outbox#a');
    await until(() => batches.length === 1);
    expect(batches).toEqual([['outbox#a']]);
    expect(stream.reads).toBeLessThan(5);
  });

  it('passes only what a filter matches, and moves behind the rest', async () => {
    const stream = new Stream();
    stream.add('a', 'outbox#1', 'b');
    const { batches } = await start(stream, {
      filters: [{ dynamodb: { NewImage: { pk: { S: [{ prefix: 'outbox#' }] } } } }],
    });
    await untilPosition('3');
    expect(batches).toEqual([['outbox#1']]);
  });

  it('repeats from the first failed record when the function reports it', async () => {
    const stream = new Stream();
    stream.add('a', 'b', 'c');
    const { batches } = await start(stream, { reportsBatchItemFailures: true }, (_keys, invocation) =>
      invocation === 1 ? ['b'] : undefined,
    );
    await untilPosition('3');
    expect(batches).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
  });

  it('halves a failing batch until the poisonous record stands alone, and gives it up', async () => {
    const stream = new Stream();
    stream.add('a', 'poison', 'c', 'd');
    const { batches, sent } = await start(
      stream,
      {
        bisectOnError: true,
        maximumRetryAttempts: 1,
        onFailureArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
      },
      (keys) => (keys.includes('poison') ? 'fail' : undefined),
    );
    await untilPosition('4');
    expect(batches).toEqual([
      ['a', 'poison', 'c', 'd'],
      ['a', 'poison'],
      ['a'],
      ['poison'],
      ['poison'],
      ['c', 'd'],
    ]);
    expect(sent.map((body) => JSON.parse(body))).toMatchObject([
      {
        requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
        DDBStreamBatchInfo: { startSequenceNumber: '2', endSequenceNumber: '2', batchSize: 1, streamArn },
      },
    ]);
  });

  it('gives up records that became too old while they failed', async () => {
    const stream = new Stream();
    stream.add('a');
    const old = stream.records[0] as StreamRecord;
    stream.records[0] = {
      ...old,
      dynamodb: { ...old.dynamodb, ApproximateCreationDateTime: nowMs / 1000 - 120 },
    };
    const { batches } = await start(stream, { maximumRecordAgeSeconds: 60 }, () => 'fail');
    await untilPosition('1');
    expect(batches).toEqual([['a']]);
  });

  it('delivers twice, or not at all, what the fault switch chooses', async () => {
    const stream = new Stream();
    stream.add('once', 'twice', 'never');
    const plan: Record<string, readonly number[]> = { 'event-2': [0, 1], 'event-3': [] };
    const { batches } = await start(stream, {}, undefined, {
      deliveries: (_channel, key) => plan[key] ?? [0],
      beforeCall: () => undefined,
    });
    await until(() => batches.length === 2);
    expect(batches).toEqual([['once', 'twice'], ['twice']]);
  });
});
