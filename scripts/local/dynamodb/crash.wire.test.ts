import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeTestContext } from '../testing/serve-one.ts';
import { createDynamoDb } from './index.ts';

/** Writes pairs of items in transactions as fast as it can and says which are acknowledged. */
const writer = `
const { createDynamoDb } = await import(process.env.SERVICE);
const { makeTestContext } = await import(process.env.CONTEXT);
const dynamodb = createDynamoDb(makeTestContext({ dataDir: process.env.DATA }));
await dynamodb.start();
await dynamodb.provision({ stackName: 's', logicalId: 'T', type: 'AWS::DynamoDB::Table', properties: {
  TableName: 'pairs', BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  StreamSpecification: { StreamViewType: 'KEYS_ONLY' } } });
for (let n = 0; ; n++) {
  const Put = (id) => ({ Put: { TableName: 'pairs', Item: { id: { S: id } } } });
  const body = Buffer.from(JSON.stringify({ TransactItems: [Put('a' + n), Put('b' + n)] }));
  await dynamodb.handle({ headers: { 'x-amz-target': 'DynamoDB_20120810.TransactWriteItems' }, bytes: async () => body });
  console.log(n);
}`;

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-crash-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

it('a killed process loses no acknowledged transaction, halves none, and no stream record is missing', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATA: dataDir,
      SERVICE: new URL('./index.ts', import.meta.url).href,
      CONTEXT: new URL('../testing/serve-one.ts', import.meta.url).href,
    },
  });
  let acknowledged = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    if (acknowledged === 200) break;
  }
  child.kill('SIGKILL');
  await once(child, 'exit');

  const dynamodb = createDynamoDb(makeTestContext({ dataDir }));
  await dynamodb.start();
  const { attributes } = await dynamodb.provision({
    stackName: 's',
    logicalId: 'T',
    type: 'AWS::DynamoDB::Table',
    properties: {
      TableName: 'pairs',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
    },
  });
  const records = await dynamodb.readStream(attributes['StreamArn'] ?? '', '0', 100_000);
  const ids = records.map(({ dynamodb: { Keys } }) => (Keys['id'] as { S: string }).S);
  const pairs = ids.length / 2;
  expect(pairs).toBeGreaterThan(acknowledged);
  expect(ids).toEqual(Array.from({ length: pairs }, (_unused, n) => [`a${n}`, `b${n}`]).flat());
  const body = Buffer.from(JSON.stringify({ TableName: 'pairs', Select: 'COUNT' }));
  const answer = await dynamodb.handle({
    requestId: 'r',
    method: 'POST',
    rawPath: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' },
    get stream(): never {
      throw new Error('the body is read as bytes');
    },
    bytes: async () => body,
    principal: { kind: 'operator', arn: 'arn:aws:iam::000000000000:user/operator' },
    signingName: 'dynamodb',
  });
  expect(JSON.parse(String(answer.body))).toMatchObject({ Count: ids.length });
  await dynamodb.stop();
});
