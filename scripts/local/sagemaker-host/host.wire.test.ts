import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTrainingJobCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EmulatedService } from '../emulated-service.ts';
import { createS3 } from '../s3/index.ts';
import { labelledCsv, trainingJobRequest } from '../sagemaker/testing/requests.ts';
import { endedTraining } from '../sagemaker/testing/waits.ts';
import { serveServices } from '../testing/serve-one.ts';

interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** A service of the emulator that answers the same to every call of an operation, and remembers the calls. */
function agreeing(
  signingName: string,
  calls: Call[],
  answers: Readonly<Record<string, object>> = {},
): EmulatedService {
  return {
    name: signingName,
    signingNames: [signingName],
    resourceTypes: [],
    start: async () => undefined,
    provision: async () => ({ ref: '', attributes: {} }),
    authorize: async () => [],
    async handle(request) {
      const invoked = /functions\/([^/]+)\/invocations/.exec(decodeURIComponent(request.rawPath))?.[1];
      const operation = request.headers['x-amz-target']?.split('.')[1] ?? invoked?.split(':').at(-1) ?? '';
      calls.push({ operation, input: JSON.parse((await request.bytes()).toString()) });
      return { status: invoked ? 202 : 200, body: JSON.stringify(answers[operation] ?? {}) };
    },
    stop: async () => undefined,
  };
}

const keys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' };
const main = path.join(import.meta.dirname, 'main.ts');
const dir = mkdtempSync(path.join(tmpdir(), 'millrace-sagemaker-host-'));
const [eventCalls, logCalls, lambdaCalls]: [Call[], Call[], Call[]] = [[], [], []];
/** A default bus with one rule, which matches, and a rule that is switched off. */
const bus = {
  ListRules: {
    Rules: [
      { Name: 'off', State: 'DISABLED', EventPattern: '{}' },
      { Name: 'jobs', State: 'ENABLED', EventPattern: '{"source":["aws.sagemaker"]}' },
    ],
  },
  TestEventPattern: { Result: true },
  ListTargetsByRule: {
    Targets: [{ Id: 'a', Arn: 'arn:aws:lambda:eu-west-1:000000000000:function:watcher' }],
  },
};
let emulator: Awaited<ReturnType<typeof serveEmulator>>;
const serveEmulator = () =>
  serveServices(
    [
      createS3,
      () => agreeing('events', eventCalls, bus),
      () => agreeing('logs', logCalls),
      () => agreeing('lambda', lambdaCalls),
    ],
    { apis: { events: { publish: async () => undefined } } },
  );

beforeAll(async () => {
  emulator = await serveEmulator();
});
afterAll(async () => {
  await emulator.close();
  rmSync(dir, { recursive: true });
});

function start(...flags: string[]) {
  const child = spawn(process.execPath, [main, ...flags], { env: { ...process.env, ...keys } });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk;
  });
  return { child, said, ended: once(child, 'close') };
}

describe('the SageMaker host', () => {
  it('trains on objects of the emulator, which it tells of events and log lines', async () => {
    const client = {
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    };
    const s3 = new S3Client({ ...client, endpoint: emulator.url });
    for (const Bucket of ['data', 'models']) await s3.send(new CreateBucketCommand({ Bucket }));
    for (const channel of ['train', 'validation']) {
      const Key = `${channel}/part-0.csv`;
      await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: labelledCsv(200) }));
    }
    const host = start('--port', '0', '--aws-endpoint', emulator.url, '--data', path.join(dir, 'data'));
    const url = await vi.waitFor(
      () => {
        const [address] = /(?<=ready at )\S+/.exec(host.said.stdout) ?? [];
        expect(address, host.said.stderr).toBeDefined();
        return address ?? '';
      },
      { timeout: 20_000 },
    );

    const sagemaker = new SageMakerClient({ ...client, endpoint: url });
    const created = await sagemaker.send(new CreateTrainingJobCommand(trainingJobRequest('hosted')));
    expect(created.TrainingJobArn).toBe('arn:aws:sagemaker:eu-west-1:000000000000:training-job/hosted');
    expect(await endedTraining(sagemaker, 'hosted')).toMatchObject({ TrainingJobStatus: 'Completed' });
    const completed = {
      source: 'aws.sagemaker',
      account: '000000000000',
      region: 'eu-west-1',
      detail: expect.objectContaining({ TrainingJobName: 'hosted', TrainingJobStatus: 'Completed' }),
    };
    // Events come after what they tell of, in any order.
    await vi.waitFor(
      () => expect(lambdaCalls.map(({ input }) => input)).toContainEqual(expect.objectContaining(completed)),
      { timeout: 10_000 },
    );
    host.child.kill('SIGTERM');
    expect(await host.ended).toEqual([0, null]);

    const Key = 'jobs/hosted/output/model.tar.gz';
    const { ContentLength } = await s3.send(new GetObjectCommand({ Bucket: 'models', Key }));
    expect(ContentLength).toBeGreaterThan(100);
    expect(new Set(lambdaCalls.map(({ operation }) => operation))).toEqual(new Set(['watcher']));
    const tested = eventCalls.filter(({ operation }) => operation === 'TestEventPattern');
    expect(tested.map(({ input }) => input['EventPattern'])).not.toContain('{}');
    expect(logCalls.slice(0, 2)).toMatchObject([
      { operation: 'CreateLogGroup', input: { logGroupName: '/aws/sagemaker/TrainingJobs' } },
      { operation: 'CreateLogStream' },
    ]);
    expect(JSON.stringify(logCalls)).toMatch(/train-auc:/);
  });

  it('explains its flags', async () => {
    const host = start('--help');
    expect(await host.ended).toEqual([0, null]);
    expect(host.said.stdout).toContain('--aws-endpoint URL');
  });

  it('refuses what it cannot do in one line with the cure', async () => {
    const host = start('--aws-endpoint', 'https://s3.amazonaws.com');
    expect(await host.ended).toEqual([1, null]);
    expect(host.said.stderr).toMatch(/^--aws-endpoint https:\/\/s3\.amazonaws\.com is no address .*\n$/);
  });
});
