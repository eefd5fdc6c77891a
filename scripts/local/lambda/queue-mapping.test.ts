import { afterEach, describe, expect, it } from 'vitest';
import type { SqsApi, SqsMessage } from '../emulated-service.ts';
import { makeTestContext } from '../testing/serve-one.ts';
import type { MappingConfig } from './event-source-mapping.ts';
import { QueueMapping } from './queue-mapping.ts';

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:work';
let running: QueueMapping | undefined;
afterEach(() => running?.stop());

const config: MappingConfig = {
  uuid: 'mapping',
  enabled: true,
  source: 'sqs',
  eventSourceArn: queueArn,
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
  batchSize: 10,
  batchingWindowSeconds: 0,
  startingPosition: 'LATEST',
  filters: [],
  reportsBatchItemFailures: true,
  bisectOnError: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
};

function message(id: string): SqsMessage {
  return {
    messageId: id,
    receiptHandle: `handle-${id}`,
    body: JSON.stringify({ id }),
    attributes: {},
    messageAttributes: {},
    md5OfBody: '',
  };
}

/** Runs the mapping over one receive; `answer` is the function's. Resolves with what was invoked and deleted. */
async function runOnce(
  messages: readonly SqsMessage[],
  answer: object,
  changes: Partial<MappingConfig> = {},
) {
  const batches: string[][] = [];
  const deleted: string[] = [];
  let receives = 0;
  const secondReceive = new Promise<void>((resolve) => {
    const sqs: Partial<SqsApi> = {
      receive: async () => {
        receives += 1;
        if (receives === 1) return messages;
        resolve();
        return new Promise(() => undefined);
      },
      deleteMessages: async (_arn, handles) => void deleted.push(...handles),
    };
    running = new QueueMapping(
      { ...config, ...changes },
      {
        context: makeTestContext({ dataDir: '/nowhere', apis: { sqs: sqs as SqsApi } }),
        principal: () => ({ kind: 'operator', arn: 'operator' }),
        retryDelayMs: () => 0,
        invoke: async (records) => {
          batches.push((records as SqsMessage[]).map(({ messageId }) => messageId));
          const failed = 'errorType' in answer;
          return { requestId: 'r', executedVersion: '1', failed, body: Buffer.from(JSON.stringify(answer)) };
        },
      },
    );
  });
  await running?.start();
  await secondReceive;
  return { batches, deleted };
}

describe('a queue mapping', () => {
  it('deletes what the function took and leaves what it reports as failed', async () => {
    const { batches, deleted } = await runOnce([message('a'), message('b')], {
      batchItemFailures: [{ itemIdentifier: 'b' }],
    });
    expect(batches).toEqual([['a', 'b']]);
    expect(deleted).toEqual(['handle-a']);
  });

  it('leaves the whole batch when the function fails or reports what was not in it', async () => {
    expect((await runOnce([message('a')], { errorType: 'Error' })).deleted).toEqual([]);
    const unknown = { batchItemFailures: [{ itemIdentifier: 'other' }] };
    expect((await runOnce([message('a')], unknown)).deleted).toEqual([]);
  });

  it('drops messages that no filter matches', async () => {
    const { batches, deleted } = await runOnce(
      [message('a'), message('b')],
      {},
      { filters: [{ body: { id: ['b'] } }] },
    );
    expect(batches).toEqual([['b']]);
    expect(deleted).toEqual(['handle-a', 'handle-b']);
  });
});
