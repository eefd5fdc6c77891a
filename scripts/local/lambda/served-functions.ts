/** What the wire tests of functions share; imported by tests only. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect } from 'vitest';
import type { EmulatedService, LambdaApi, Principal, SqsApi } from '../emulated-service.ts';
import { type ServeOptions, type ServiceApis, serveServices } from '../testing/serve-one.ts';
import { createLambda, type LambdaOptions } from './index.ts';

export const role = 'arn:aws:iam::000000000000:role/millrace-local-worker';
export const operator: Principal = { kind: 'operator', arn: 'arn:aws:iam::000000000000:user/operator' };

/** Folder of the assets of the test that runs. */
export let assets: string;
/** Run after each test, the last one first. */
export const closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  assets = mkdtempSync(path.join(tmpdir(), 'millrace-assets-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(assets, { recursive: true, force: true });
});

/** Writes a function's code as an asset. */
export function asset(key: string, source: string): void {
  mkdirSync(path.join(assets, key), { recursive: true });
  writeFileSync(path.join(assets, key, 'index.mjs'), source);
}

interface Recorded {
  readonly logs: string[];
  readonly metrics: { name: string; value: number; dimensions: Readonly<Record<string, string>> }[];
  readonly sent: { queueArn: string; body: string; attributes: Readonly<Record<string, string>> }[];
}

/** The Lambda part with its SDK client; what it hands to others is recorded. */
export async function serve(
  options: LambdaOptions = {},
  given: Partial<ServiceApis> = {},
  serving: ServeOptions = {},
) {
  const recorded: Recorded = { logs: [], metrics: [], sent: [] };
  const sqs: Partial<SqsApi> = {
    async sendMessage(queueArn, body, { attributes = {} }) {
      recorded.sent.push({ queueArn, body, attributes });
    },
  };
  const served = await serveServices([(context) => createLambda(context, options)], {
    ...serving,
    assetPath: (key) => path.join(assets, key.replace(/\.zip$/, '')),
    apis: {
      logs: { append: (_group, _stream, line) => recorded.logs.push(line), tail: async () => [] },
      cloudwatch: { putMetricData: (_namespace, points) => recorded.metrics.push(...points) },
      sqs: sqs as SqsApi,
      ...given,
    },
  });
  closers.push(served.close);
  const [lambda] = served.services as readonly [EmulatedService & LambdaApi];
  const client = new LambdaClient({
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  return { served, lambda, client, recorded };
}

/** Provisions a function whose code is the asset of its name. */
export async function deploy(
  lambda: EmulatedService,
  name: string,
  properties: Record<string, unknown> = {},
) {
  await lambda.provision({
    stackName: 'test',
    logicalId: name,
    type: 'AWS::Lambda::Function',
    properties: {
      FunctionName: name,
      Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: role,
      ...properties,
    },
  });
}

export async function call(client: LambdaClient, name: string, event: unknown) {
  const answer = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) }),
  );
  const payload = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
  return { payload, error: answer.FunctionError, status: answer.StatusCode };
}

export async function eventually(check: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 600 && !check(); attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(check()).toBe(true);
}
