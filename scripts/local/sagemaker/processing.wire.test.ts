import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
  CreateProcessingJobRequest,
  DescribeProcessingJobCommandOutput,
} from '@aws-sdk/client-sagemaker';
import {
  CreateProcessingJobCommand,
  DescribeProcessingJobCommand,
  ListProcessingJobsCommand,
  ListTagsCommand,
  StopProcessingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AwsError, type ContainerProgram } from '../emulated-service.ts';
import { allowEverything, type ServeOptions } from '../testing/serve-one.ts';
import { processingJobRequest } from './testing/requests.ts';
import type { ServedSageMaker } from './testing/served-sagemaker.ts';
import { serveSageMaker } from './testing/served-sagemaker.ts';
import { endedProcessing } from './testing/waits.ts';

const image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/millrace-local-processing';

/** Does what its arguments say, with what a container finds. */
const programText = `
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
const root = process.env.SM_LOCAL_ROOT;
const read = (file) => readFileSync(root + file, 'utf8');
const message = (content) => writeFileSync(root + '/output/message', content);
const [act, value] = process.argv.slice(2);
if (act === 'fail') { message(value); console.error('it went wrong'); process.exit(3); }
if (act === 'bytes') message(Buffer.from([0xff, 0xfe]));
if (act === 'say') message(value.repeat(600));
if (act === 'sleep') { console.log('sleeping'); message('slept'); setInterval(() => undefined, 1000); }
if (act === 'connect') connect(9, '127.0.0.1');
if (act === 'write') {
  const input = root + '/processing/input/rows';
  const seen = readdirSync(input, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => (entry.parentPath + '/' + entry.name).slice(input.length + 1)).sort();
  mkdirSync(root + '/processing/output/deep', { recursive: true });
  writeFileSync(root + '/processing/output/deep/seen.json', JSON.stringify({
    seen,
    first: readFileSync(input + '/' + seen[0], 'utf8'),
    config: JSON.parse(read('/config/processingjobconfig.json')),
    resource: JSON.parse(read('/config/resourceconfig.json')),
    environment: process.env.MODE,
    credentials: process.env.AWS_ACCESS_KEY_ID ?? 'none',
  }));
  console.log('written');
}
`;

let root: string;
let served: ServedSageMaker;
const ecrOf = (folder: string): ServeOptions => {
  const program: ContainerProgram = { folder, modulePaths: [] };
  const ecr = {
    program: (uri: string) => (uri.startsWith(`${image}:`) ? program : undefined),
    programImages: () => [image],
  };
  return { apis: { ecr } };
};
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'millrace-processing-'));
  mkdirSync(path.join(root, 'program'));
  writeFileSync(path.join(root, 'program', 'index.mjs'), programText);
  cpSync(path.join(root, 'program', 'index.mjs'), path.join(root, 'program', 'other.mjs'));
  served = await serveSageMaker(ecrOf(path.join(root, 'program')));
  served.doubles.objects.set('data/datasets/v1/part-0.csv', Buffer.from('a,b\n1,2\n'));
  served.doubles.objects.set('data/datasets/v1/dt=1/part-1.csv', Buffer.from('a,b\n3,4\n'));
});
afterEach(() => served.doubles.denied.clear());
afterAll(async () => {
  await served.close();
  rmSync(root, { recursive: true });
});

type Changes = Partial<CreateProcessingJobRequest> & { readonly does?: readonly string[] };
const request = (
  ProcessingJobName: string,
  { does = ['write'], ...changes }: Changes = {},
): CreateProcessingJobRequest => ({
  ...processingJobRequest(ProcessingJobName, `${image}:1`),
  AppSpecification: { ImageUri: `${image}:1`, ContainerArguments: [...does] },
  ...changes,
});
const input = (changes = {}, InputName = 'rows') => ({
  InputName,
  S3Input: {
    S3Uri: 's3://data/datasets/v1/',
    LocalPath: `/opt/ml/processing/input/${InputName}`,
    S3DataType: 'S3Prefix' as const,
    S3InputMode: 'File' as const,
    ...changes,
  },
});
const output = (changes = {}, OutputName = 'outcome') => ({
  OutputName,
  S3Output: {
    S3Uri: 's3://data/validation/job',
    LocalPath: '/opt/ml/processing/output',
    S3UploadMode: 'EndOfJob' as const,
    ...changes,
  },
});
const create = (name: string, changes: Changes = {}) =>
  served.client.send(new CreateProcessingJobCommand(request(name, changes)));
const ended = async (name: string, changes: Changes = {}): Promise<DescribeProcessingJobCommandOutput> => {
  await create(name, changes);
  return await endedProcessing(served.client, name);
};
const seen = () => JSON.parse(String(served.doubles.objects.get('data/validation/job/deep/seen.json')));
const eventsOf = (name: string) =>
  served.doubles.events
    .filter(({ resources }) => resources?.[0]?.endsWith(`processing-job/${name}`))
    .map(({ source, detailType, detail }) => ({
      source,
      detailType,
      detail: detail as Record<string, unknown>,
    }));
const running = (name: string) =>
  vi
    .waitFor(() => expect(served.doubles.logs.get('/aws/sagemaker/ProcessingJobs')).toContain('sleeping'), {
      timeout: 20_000,
    })
    .then(() => name);

describe('a processing job', () => {
  it('runs the program of its image on what its inputs name and keeps what it writes', async () => {
    const { ProcessingJobArn } = await create('good', { Environment: { MODE: 'strict' } });
    expect(ProcessingJobArn).toBe('arn:aws:sagemaker:us-east-1:000000000000:processing-job/good');
    const job = await endedProcessing(served.client, 'good');
    expect(job).toMatchObject({
      ProcessingJobStatus: 'Completed',
      ProcessingResources: { ClusterConfig: { InstanceCount: 1 } },
      StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
    });
    expect(job.ProcessingEndTime?.getTime()).toBeGreaterThanOrEqual(job.ProcessingStartTime?.getTime() ?? 0);
    expect(seen()).toMatchObject({
      seen: ['dt=1/part-1.csv', 'part-0.csv'],
      first: 'a,b\n3,4\n',
      environment: 'strict',
      credentials: 'none',
      resource: { current_host: 'algo-1', hosts: ['algo-1'] },
      config: {
        ProcessingJobName: 'good',
        ProcessingJobArn,
        Environment: { MODE: 'strict' },
        AppSpecification: { ContainerEntrypoint: null, ContainerArguments: ['write'] },
        ProcessingInputs: [{ InputName: 'rows' }],
        ProcessingOutputConfig: { Outputs: [{ OutputName: 'outcome' }] },
      },
    });
    expect(served.doubles.logs.get('/aws/sagemaker/ProcessingJobs')).toContain('written');
  });

  it('tells the default bus how it goes, with the members and times that AWS documents', async () => {
    await ended('told', { Environment: { MODE: 'x' }, Tags: [{ Key: 'a', Value: 'b' }] });
    const events = eventsOf('told');
    expect(new Set(events.map(({ source, detailType }) => `${source} ${detailType}`))).toEqual(
      new Set(['aws.sagemaker SageMaker Processing Job State Change']),
    );
    expect(events.map(({ detail }) => detail['ProcessingJobStatus'])).toEqual([
      'InProgress',
      'InProgress',
      'Completed',
    ]);
    const last = events.at(-1)?.detail ?? {};
    expect(Object.keys(last).sort()).toEqual([
      'AppSpecification',
      'CreationTime',
      'LastModifiedTime',
      'ProcessingEndTime',
      'ProcessingInputs',
      'ProcessingJobArn',
      'ProcessingJobName',
      'ProcessingJobStatus',
      'ProcessingOutputConfig',
      'ProcessingResources',
      'ProcessingStartTime',
      'RoleArn',
      'StoppingCondition',
    ]);
    expect(last['ProcessingEndTime']).toBeGreaterThan(1e12);
  });

  it('reads exactly the objects of a manifest', async () => {
    const S3Uri = 's3://data/validation/jobs/m/manifest.json';
    served.doubles.objects.set(
      'data/validation/jobs/m/manifest.json',
      Buffer.from(JSON.stringify([{ prefix: 's3://data/datasets/' }, 'v1/part-0.csv'])),
    );
    await ended('manifest', { ProcessingInputs: [input({ S3Uri, S3DataType: 'ManifestFile' })] });
    expect(seen().seen).toEqual(['v1/part-0.csv']);
  });

  it.each([
    ['is no manifest', '{"prefix":"s3://data/"}', 'Failed to parse the manifest file'],
    ['leaves the folder', '[{"prefix":"s3://data/"},"../x"]', 'names ../x, which leaves the input folder'],
    ['names what is not there', '[{"prefix":"s3://data/"},"absent"]', 'Could not download s3://data/absent'],
  ])('fails when its manifest %s', async (what, text, message) => {
    served.doubles.objects.set('data/m.json', Buffer.from(text));
    const job = await ended(what.replaceAll(' ', '-'), {
      ProcessingInputs: [input({ S3Uri: 's3://data/m.json', S3DataType: 'ManifestFile' })],
    });
    expect(job.ProcessingJobStatus).toBe('Failed');
    expect(job.FailureReason).toContain(message);
  });

  it('fails with the exit code and the message of its program, and keeps nothing', async () => {
    served.doubles.objects.delete('data/validation/job/deep/seen.json');
    const job = await ended('failing', { does: ['fail', 'No column age.'] });
    expect(job).toMatchObject({
      ProcessingJobStatus: 'Failed',
      FailureReason: 'AlgorithmError: See job logs for more information, exit code: 3',
      ExitMessage: 'No column age.',
    });
    expect(served.doubles.logs.get('/aws/sagemaker/ProcessingJobs')).toContain('it went wrong');
    expect(served.doubles.objects.has('data/validation/job/deep/seen.json')).toBe(false);
    expect(eventsOf('failing').at(-1)?.detail).toMatchObject({
      ProcessingJobStatus: 'Failed',
      FailureReason: job.FailureReason,
    });
  });

  it('shows one kilobyte of a message, and fails with one that is no text', async () => {
    const long = await ended('long', { does: ['say', 'né'] });
    expect(Buffer.byteLength(long.ExitMessage ?? '')).toBe(1024);
    expect(long.ExitMessage).toMatch(/^(né)+n?$/);
    const binary = await ended('binary', { does: ['bytes'] });
    expect(binary).toMatchObject({
      ProcessingJobStatus: 'Failed',
      FailureReason: 'ClientError: The file /opt/ml/output/message is not encoded in UTF-8.',
    });
  });

  it.each([
    ['s3:ListBucket', 'No S3 objects found under S3 URL "s3://data/datasets/v1/"'],
    ['s3:GetObject', 'insufficient permissions'],
    ['s3:PutObject', 'Artifact upload failed:Could not upload s3://data/validation/job/deep/seen.json'],
  ])('fails when its role lacks %s', async (action, message) => {
    served.doubles.denied.add(action);
    const job = await ended(`lacks-${action.slice(3)}`);
    expect(job.ProcessingJobStatus).toBe('Failed');
    expect(job.FailureReason).toContain(message);
    expect(job.FailureReason).toContain(`is not authorized to perform: ${action}`);
  });

  it('stops on request', async () => {
    await running((await create('to-stop', { does: ['sleep'] })).ProcessingJobArn ?? '');
    await served.client.send(new StopProcessingJobCommand({ ProcessingJobName: 'to-stop' }));
    const job = await endedProcessing(served.client, 'to-stop');
    expect(job).toMatchObject({ ProcessingJobStatus: 'Stopped', ExitMessage: 'slept' });
    expect(eventsOf('to-stop').map(({ detail }) => detail['ProcessingJobStatus'])).toEqual([
      'InProgress',
      'InProgress',
      'Stopping',
      'Stopped',
    ]);
    await expect(
      served.client.send(new StopProcessingJobCommand({ ProcessingJobName: 'to-stop' })),
    ).rejects.toThrow('The request was rejected because the processing job is in status Stopped.');
  });

  it('stops when it exceeds its time', async () => {
    const job = await ended('too-long', { does: ['sleep'], StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    expect(job.ProcessingJobStatus).toBe('Stopped');
    expect(job.FailureReason).toContain('MaxRuntimeInSeconds of 1');
  });

  it('has no network where the request isolates it', async () => {
    const job = await ended('isolated', {
      does: ['connect'],
      NetworkConfig: { EnableNetworkIsolation: true },
    });
    expect(job.ProcessingJobStatus).toBe('Failed');
    expect(served.doubles.logs.get('/aws/sagemaker/ProcessingJobs')?.join('\n')).toContain('ENETUNREACH');
  });

  it('runs another file of the program by its entrypoint', async () => {
    const job = await ended('entrypoint', {
      AppSpecification: {
        ImageUri: `${image}:1`,
        ContainerEntrypoint: ['node', '/opt/program/other.mjs', 'say'],
        ContainerArguments: ['b'],
      },
    });
    expect(job).toMatchObject({ ProcessingJobStatus: 'Completed', ExitMessage: 'b'.repeat(600) });
  });

  it.each<[string, Changes, string, string]>([
    ['a name that exists', {}, 'ResourceInUse', 'a job with this name already exists'],
    [
      'an image of its own',
      { AppSpecification: { ImageUri: 'me/mine:1' } },
      'ValidationException',
      `The image me/mine:1 cannot run on a laptop. Images that can, with any tag: ${image}.`,
    ],
    [
      'a command of its own',
      { AppSpecification: { ImageUri: `${image}:1`, ContainerEntrypoint: ['python3', 'x.py'] } },
      'ValidationException',
      'Name one of them: ["node","/opt/program/index.mjs"], ["node","/opt/program/other.mjs"].',
    ],
    [
      'a file outside of the program',
      { AppSpecification: { ImageUri: `${image}:1`, ContainerEntrypoint: ['node', '/opt/program/../x'] } },
      'ValidationException',
      'cannot run on a laptop',
    ],
    [
      'a folder outside of its own',
      { ProcessingInputs: [input({ LocalPath: '/etc/passwd' })] },
      'ValidationException',
      "at 'processingInputs.1.member.s3Input.localPath' failed to satisfy constraint: LocalPath must be an absolute path below /opt/ml/processing/",
    ],
    [
      'a folder that steps out',
      { ProcessingInputs: [input({ LocalPath: '/opt/ml/processing/../../x' })] },
      'ValidationException',
      'without . and ..',
    ],
    [
      'one folder for two',
      { ProcessingOutputConfig: { Outputs: [output({ LocalPath: '/opt/ml/processing/input/rows/' })] } },
      'ValidationException',
      'LocalPath must be unique',
    ],
    [
      'one name for two',
      { ProcessingInputs: [input(), input({ LocalPath: '/opt/ml/processing/b' })] },
      'ValidationException',
      "InputName must be unique within a processing job; 'rows' stands there twice",
    ],
    [
      'pipes',
      { ProcessingInputs: [input({ S3InputMode: 'Pipe' })] },
      'ValidationException',
      'Member must satisfy enum value set: [File]',
    ],
    [
      'a network of its own',
      { NetworkConfig: { VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['s-1'] } } },
      'ValidationException',
      "at 'networkConfig.vpcConfig'",
    ],
    [
      'a key for its volume',
      {
        ProcessingResources: {
          ClusterConfig: { InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30, VolumeKmsKeyId: 'k' },
        },
      },
      'ValidationException',
      "at 'processingResources.clusterConfig.volumeKmsKeyId'",
    ],
  ])('is refused with %s', async (_what, changes, code, message) => {
    await expect(create('good', changes)).rejects.toMatchObject({
      name: code,
      message: expect.stringContaining(message),
    });
  });

  it('is not found under another name', async () => {
    await expect(
      served.client.send(new DescribeProcessingJobCommand({ ProcessingJobName: 'absent' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Could not find requested job with name: absent',
    });
  });

  it('is listed and tagged', async () => {
    const { ProcessingJobArn: ResourceArn } = await ended('tagged', {
      Tags: [{ Key: 'project', Value: 'wine' }],
    });
    expect((await served.client.send(new ListTagsCommand({ ResourceArn }))).Tags).toEqual([
      { Key: 'project', Value: 'wine' },
    ]);
    const { ProcessingJobSummaries } = await served.client.send(
      new ListProcessingJobsCommand({ NameContains: 'tagged', StatusEquals: 'Completed' }),
    );
    expect(ProcessingJobSummaries).toMatchObject([
      { ProcessingJobName: 'tagged', ProcessingJobArn: ResourceArn, ProcessingJobStatus: 'Completed' },
    ]);
  });
});

describe('the runtime', () => {
  it('delivers the events of processing jobs as the fault switch says', async () => {
    const lossy = await serveSageMaker({
      ...ecrOf(path.join(root, 'program')),
      faults: {
        deliveries: (channel, key) =>
          channel === 'sagemaker-event' && key.startsWith('SageMaker Processing Job State Change') ? [] : [0],
        beforeCall: () => undefined,
      },
    });
    const unheard = { ...request('unheard', { does: ['say', 'x'] }), ProcessingInputs: [] };
    await lossy.client.send(new CreateProcessingJobCommand(unheard));
    expect(await endedProcessing(lossy.client, 'unheard')).toMatchObject({
      ProcessingJobStatus: 'Completed',
    });
    expect(lossy.doubles.events).toEqual([]);
    await lossy.close();
  });

  it('refuses a role that SageMaker may not assume', async () => {
    const assertAssumable = (roleArn: string): never => {
      throw new AwsError('ValidationException', `Could not assume role ${roleArn}.`);
    };
    const { apis } = ecrOf(path.join(root, 'program'));
    const strict = await serveSageMaker({ apis: { ...apis, iam: { ...allowEverything, assertAssumable } } });
    await expect(strict.client.send(new CreateProcessingJobCommand(request('no-role')))).rejects.toThrow(
      'Could not assume role',
    );
    await strict.close();
  });

  it('starts a processing job again that its end interrupted', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-sagemaker-'));
    const first = await serveSageMaker({ ...ecrOf(path.join(root, 'program')), dataDir });
    first.doubles.objects.set('data/datasets/v1/part-0.csv', Buffer.from('a\n1\n'));
    await first.client.send(new CreateProcessingJobCommand(request('interrupted', { does: ['sleep'] })));
    await vi.waitFor(() => expect(first.doubles.logs.size).toBe(1), { timeout: 20_000 });
    await first.close();
    const finished = path.join(root, 'finished');
    mkdirSync(finished);
    writeFileSync(path.join(finished, 'index.mjs'), 'console.log("done")');
    const second = await serveSageMaker({ ...ecrOf(finished), dataDir });
    second.doubles.objects.set('data/datasets/v1/part-0.csv', Buffer.from('a\n1\n'));
    await second.resume();
    const job = await endedProcessing(second.client, 'interrupted');
    expect(job.ProcessingJobStatus).toBe('Completed');
    await second.close();
    rmSync(dataDir, { recursive: true });
  });
});
