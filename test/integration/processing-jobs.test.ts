import {
  CreateProcessingJobCommand,
  DescribeProcessingJobCommand,
  type DescribeProcessingJobResponse,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { Operator } from './operator.ts';
import { RunningPlatform } from './running-platform.ts';

/** The bundle of the processing program, in the place of its image and under the role that the template gives it. */
const platform = new RunningPlatform();
let operator: Operator;
beforeAll(async () => {
  await platform.start();
  operator = new Operator(platform);
});
afterAll(() => platform.close());

const rows = 'a,b\n1,2\n';

/** Runs a job on an object of the data bucket, to its end. */
async function run(name: string, key: string): Promise<DescribeProcessingJobResponse> {
  const bucket = `s3://${platform.runtime.endpoints.buckets['data']}`;
  const jobs = `validation/jobs/${name}`;
  const at = key.lastIndexOf('/') + 1;
  const file = { path: `rows/${key.slice(at)}`, bytes: rows.length, sha256: sha256Hex(rows) };
  await platform.put('data', key, rows);
  await platform.put(
    'data',
    `${jobs}/request/request.json`,
    JSON.stringify({ schemaVersion: 1, inputs: [file] }),
  );
  await platform.put(
    'data',
    `${jobs}/rows.manifest`,
    JSON.stringify([{ prefix: `${bucket}/${key.slice(0, at)}` }, key.slice(at)]),
  );
  const input = (InputName: string, S3Uri: string, S3DataType: 'S3Prefix' | 'ManifestFile') => ({
    InputName,
    S3Input: {
      S3Uri,
      S3DataType,
      S3InputMode: 'File' as const,
      LocalPath: `/opt/ml/processing/input/${InputName}`,
    },
  });
  await operator.sagemaker.send(
    new CreateProcessingJobCommand({
      ProcessingJobName: `millrace-local-${name}`,
      RoleArn: 'arn:aws:iam::000000000000:role/millrace-local-us-east-1-processing-execution',
      AppSpecification: {
        ImageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/millrace-local-processing:program',
      },
      ProcessingResources: {
        ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 },
      },
      NetworkConfig: { EnableNetworkIsolation: true },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
      ProcessingInputs: [
        input('request', `${bucket}/${jobs}/request/`, 'S3Prefix'),
        input('rows', `${bucket}/${jobs}/rows.manifest`, 'ManifestFile'),
      ],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'outcome',
            S3Output: {
              S3Uri: `${bucket}/${jobs}/output`,
              LocalPath: '/opt/ml/processing/output',
              S3UploadMode: 'EndOfJob',
            },
          },
        ],
      },
    }),
  );
  return await platform.eventually(`the end of ${name}`, async () => {
    const job = await operator.sagemaker.send(
      new DescribeProcessingJobCommand({ ProcessingJobName: `millrace-local-${name}` }),
    );
    return job.ProcessingJobStatus === 'InProgress' ? undefined : job;
  });
}

describe('a processing job', () => {
  it('runs the platform’s program, with DuckDB, on objects of a version', async () => {
    expect(await run('good', 'datasets/wine/objects/part-0.csv')).toMatchObject({
      ProcessingJobStatus: 'Completed',
    });
    const outcome = await platform.read('data', 'validation/jobs/good/output/outcome.json');
    expect(JSON.parse(outcome.toString('utf8'))).toMatchObject({
      engine: expect.stringMatching(/^DuckDB v\d/),
      inputs: [{ path: 'rows/part-0.csv', bytes: rows.length }],
    });
  });

  it('reads nothing that its role may not read', async () => {
    const job = await run('foreign', 'transform/part-0.csv');
    expect(job.ProcessingJobStatus).toBe('Failed');
    expect(job.FailureReason).toContain(
      'processing-execution/SageMaker is not authorized to perform: s3:GetObject',
    );
  });
});
