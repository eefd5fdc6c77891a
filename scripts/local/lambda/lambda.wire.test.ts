import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../emulated-service.ts';
import {
  asset,
  assets,
  call,
  closers,
  deploy,
  eventually,
  operator,
  role,
  serve,
} from './served-functions.ts';

describe('invoking a function', () => {
  it('runs the handler with its environment, its context and nothing of the runtime around it', async () => {
    process.env['MILLRACE_TEST_SECRET'] = 'leaked';
    asset(
      'hello',
      `export const handler = async (event, context) => ({ event, arn: context.invokedFunctionArn,
        left: context.getRemainingTimeInMillis() > 0, env: process.env });`,
    );
    const { client, lambda, served } = await serve();
    await deploy(lambda, 'hello', { Environment: { Variables: { TABLE: 't' } }, MemorySize: 256 });
    const { payload, error, status } = await call(client, 'hello', { a: 1 });
    expect({ error, status }).toEqual({ error: undefined, status: 200 });
    expect(payload.event).toEqual({ a: 1 });
    expect(payload.left).toBe(true);
    expect(payload.arn).toBe('arn:aws:lambda:us-east-1:000000000000:function:hello');
    expect(payload.env).toMatchObject({
      TABLE: 't',
      AWS_LAMBDA_FUNCTION_NAME: 'hello',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: served.url,
      AWS_SESSION_TOKEN: role,
    });
    expect(payload.env.MILLRACE_TEST_SECRET).toBeUndefined();
    expect(payload.env.HOME).toBeUndefined();
    delete process.env['MILLRACE_TEST_SECRET'];
  });

  it('answers an error of the handler by its name, as Step Functions matches it', async () => {
    asset(
      'fails',
      `export const handler = async () => { const e = new Error('no such project'); e.name = 'ProjectNotFound'; throw e; };`,
    );
    const { client, lambda, recorded } = await serve();
    await deploy(lambda, 'fails');
    const { payload, error } = await call(client, 'fails', {});
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'ProjectNotFound', errorMessage: 'no such project' });
    expect(recorded.metrics).toContainEqual(
      expect.objectContaining({ name: 'Errors', value: 1, dimensions: { FunctionName: 'fails' } }),
    );
  });

  it('ends a function that overruns its timeout, and the next call starts afresh', async () => {
    asset(
      'slow',
      `export const handler = async (event) => event.hang ? new Promise(() => setInterval(() => {}, 1000)) : 'ok';`,
    );
    const { client, lambda } = await serve();
    await deploy(lambda, 'slow', { Timeout: 1 });
    const { payload, error } = await call(client, 'slow', { hang: true });
    expect(error).toBe('Unhandled');
    expect(payload.errorType).toBe('Sandbox.Timedout');
    expect(payload.errorMessage).toMatch(/Task timed out after 1\.00 seconds$/);
    expect((await call(client, 'slow', {})).payload).toBe('ok');
  });

  it.each([
    ['exits', 'process.exit(3)', 'Runtime.ExitError', /exit status 3$/],
    ['is killed', "process.kill(process.pid, 'SIGKILL')", 'Runtime.ExitError', /signal: killed$/],
    [
      'throws beside the handler',
      "setTimeout(() => { throw new TypeError('x') }); await new Promise(() => {})",
      'TypeError',
      /^x$/,
    ],
    [
      'leaves a rejection',
      "Promise.reject(new Error('y')); await new Promise((r) => setTimeout(r, 1000))",
      'Runtime.UnhandledPromiseRejection',
      /^y$/,
    ],
  ])('names the end of a process that %s', async (_how, statement, errorType, message) => {
    asset('dies', `export const handler = async () => { ${statement}; };`);
    const { client, lambda } = await serve();
    await deploy(lambda, 'dies');
    const { payload, error } = await call(client, 'dies', {});
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType, errorMessage: expect.stringMatching(message) });
  });

  it.each([
    ['throws while loading', `throw new RangeError('bad env'); export const handler = 1;`, 'RangeError'],
    ['has no such export', 'export const other = 1;', 'Runtime.HandlerNotFound'],
    ['is missing', undefined, 'Runtime.ImportModuleError'],
  ])('answers with the reason when the code %s', async (_how, source, errorType) => {
    mkdirSync(path.join(assets, 'broken'));
    if (source !== undefined) asset('broken', source);
    const { client, lambda } = await serve();
    await deploy(lambda, 'broken');
    expect((await call(client, 'broken', {})).payload.errorType).toBe(errorType);
  });

  it('limits the heap to the memory that the function has', async () => {
    asset(
      'hungry',
      'export const handler = async () => { const kept = []; for (;;) kept.push(Array.from({ length: 1e5 }, (_, i) => ({ i }))); };',
    );
    const { client, lambda } = await serve();
    await deploy(lambda, 'hungry', { MemorySize: 128, Timeout: 60 });
    expect((await call(client, 'hungry', {})).payload.errorType).toBe('Runtime.ExitError');
  });

  it('refuses an answer above six megabytes', async () => {
    asset('large', `export const handler = async () => 'x'.repeat(7_000_000);`);
    const { client, lambda } = await serve();
    await deploy(lambda, 'large');
    expect((await call(client, 'large', {})).payload.errorType).toBe('Function.ResponseSizeTooLarge');
  });

  it('finds packages of a layer by require', async () => {
    asset(
      'layered',
      `import { createRequire } from 'node:module';
       export const handler = async () => createRequire(import.meta.url)('answer');`,
    );
    mkdirSync(path.join(assets, 'layer/nodejs/node_modules/answer'), { recursive: true });
    writeFileSync(path.join(assets, 'layer/nodejs/node_modules/answer/index.js'), 'module.exports = 42;');
    const { client, lambda } = await serve();
    const layer = await lambda.provision({
      stackName: 'test',
      logicalId: 'Layer',
      type: 'AWS::Lambda::LayerVersion',
      properties: { LayerName: 'duckdb', Content: { S3Bucket: 'assets', S3Key: 'layer.zip' } },
    });
    expect(layer.ref).toBe('arn:aws:lambda:us-east-1:000000000000:layer:duckdb:1');
    await deploy(lambda, 'layered', { Layers: [layer.ref] });
    expect((await call(client, 'layered', {})).payload).toBe(42);
  });

  it('runs calls one after another in a warm process and no more processes than allowed', async () => {
    asset(
      'counts',
      `export const handler = async () => { await new Promise((r) => setTimeout(r, 20)); return process.pid; };`,
    );
    const { client, lambda } = await serve();
    await deploy(lambda, 'counts');
    const answers = await Promise.all(Array.from({ length: 8 }, () => call(client, 'counts', {})));
    expect(new Set(answers.map(({ payload }) => payload)).size).toBe(2);
  });

  it('throttles a function beyond its reserved concurrency', async () => {
    asset('single', `export const handler = async () => new Promise((r) => setTimeout(r, 300));`);
    const { client, lambda } = await serve();
    await deploy(lambda, 'single', { ReservedConcurrentExecutions: 1 });
    const answers = await Promise.allSettled([call(client, 'single', {}), call(client, 'single', {})]);
    const rejected = answers.filter((answer) => answer.status === 'rejected');
    expect(rejected).toMatchObject([
      { reason: { name: 'TooManyRequestsException', $metadata: { httpStatusCode: 429 } } },
    ]);
  });

  it('starts new code after a deployment', async () => {
    asset('changes', 'export const handler = async () => 1;');
    asset('changes2', 'export const handler = async () => 2;');
    const { client, lambda } = await serve();
    await deploy(lambda, 'changes');
    expect((await call(client, 'changes', {})).payload).toBe(1);
    await deploy(lambda, 'changes', { Code: { S3Bucket: 'assets', S3Key: 'changes2.zip' } });
    expect((await call(client, 'changes', {})).payload).toBe(2);
  });

  it('ends idle processes', async () => {
    asset('idle', 'export const handler = async () => process.pid;');
    const { client, lambda } = await serve({ limits: { idleMs: 50 } });
    await deploy(lambda, 'idle');
    const { payload: pid } = await call(client, 'idle', {});
    await eventually(() => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    });
  });
});

describe('the Lambda API', () => {
  it('describes functions', async () => {
    const { client, lambda } = await serve();
    await deploy(lambda, 'described', { Timeout: 7 });
    const answer = await client.send(new GetFunctionCommand({ FunctionName: 'described' }));
    expect(answer.Configuration).toMatchObject({ FunctionName: 'described', Timeout: 7, Role: role });
    const list = await client.send(new ListFunctionsCommand({}));
    expect(list.Functions).toHaveLength(1);
    expect((await client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings).toEqual([]);
  });

  it('names an unknown function', async () => {
    const { client } = await serve();
    await expect(call(client, 'nobody', {})).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody',
    });
  });

  it('refuses a property that it cannot honour, naming it', async () => {
    const { lambda } = await serve();
    await expect(deploy(lambda, 'vpc', { VpcConfig: {} })).rejects.toThrow(/VpcConfig of vpc/);
  });
});

describe('asynchronous invocations', () => {
  const queue = 'arn:aws:sqs:us-east-1:000000000000:dead';

  it('retries twice and then sends the event to the dead-letter queue', async () => {
    asset('flaky', `export const handler = async () => { throw new Error('always'); };`);
    const { lambda, recorded } = await serve({ asyncRetryDelaysMs: [5, 5] });
    await deploy(lambda, 'flaky', { DeadLetterConfig: { TargetArn: queue } });
    await lambda.invoke('flaky', { n: 1 }, { type: 'Event', principal: operator });
    await eventually(() => recorded.sent.length > 0);
    expect(recorded.sent).toEqual([
      {
        queueArn: queue,
        body: '{"n":1}',
        attributes: { RequestID: expect.any(String), ErrorCode: '200', ErrorMessage: 'always' },
      },
    ]);
    expect(recorded.metrics.filter(({ name }) => name === 'Invocations')).toHaveLength(3);
  });

  it('sends the record of a failure to the on-failure destination', async () => {
    asset('flaky', `export const handler = async () => { throw new Error('always'); };`);
    const { lambda, recorded } = await serve();
    await deploy(lambda, 'flaky');
    await lambda.provision({
      stackName: 'test',
      logicalId: 'Config',
      type: 'AWS::Lambda::EventInvokeConfig',
      properties: {
        FunctionName: 'flaky',
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: queue } },
      },
    });
    await lambda.invoke('flaky', { n: 2 }, { type: 'Event', principal: operator });
    await eventually(() => recorded.sent.length > 0);
    expect(JSON.parse(recorded.sent[0]?.body ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { n: 2 },
      responsePayload: { errorMessage: 'always' },
    });
  });

  it('survives the end of the runtime', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-data-'));
    closers.push(async () => rmSync(dataDir, { recursive: true, force: true }));
    asset('hangs', 'export const handler = async () => new Promise(() => setInterval(() => {}, 1000));');
    const first = await serve({}, {}, { dataDir });
    await deploy(first.lambda, 'hangs', { Timeout: 60 });
    await first.lambda.invoke('hangs', { n: 3 }, { type: 'Event', principal: operator });
    await first.served.close();
    closers.pop();

    asset('hangs', 'export const handler = async (event) => console.log(JSON.stringify(event));');
    const second = await serve({}, {}, { dataDir });
    await deploy(second.lambda, 'hangs');
    await second.lambda.resume?.();
    await eventually(() => second.recorded.logs.includes('{"n":3}'));
  });
});

describe('the resource policy of a function', () => {
  const rule = 'arn:aws:events:us-east-1:000000000000:rule/bus/rule';
  const principal: Principal = { kind: 'service', service: 'events.amazonaws.com', sourceArn: rule };

  it('lets a service invoke only for the source that the template permits', async () => {
    asset('guarded', 'export const handler = async () => 1;');
    const { lambda } = await serve();
    await deploy(lambda, 'guarded');
    const invoke = () => lambda.invoke('guarded', {}, { type: 'RequestResponse', principal });
    await expect(invoke()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await lambda.provision({
      stackName: 'test',
      logicalId: 'Permission',
      type: 'AWS::Lambda::Permission',
      properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: 'guarded',
        Principal: 'events.amazonaws.com',
        SourceArn: rule,
      },
    });
    await expect(invoke()).resolves.toEqual({ payload: 1 });
  });
});
