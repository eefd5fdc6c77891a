import {
  CreateProcessingJobCommand,
  DescribeProcessingJobCommand,
  ListProcessingJobsCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as projects from '#services/projects/contract.ts';
import { readValidation } from '#services/validation/contract.ts';
import { Operator } from './operator.ts';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

/** A laptop where every check is too big for a function: the image's program runs, under the role that the template gives it. */
const platform = new RunningPlatform({
  assemble: assemblyOfStage('local', { functionCheckMaxBytes: 0 }),
  templates: 'local',
});
let operator: Operator;
beforeAll(async () => {
  await platform.start();
  operator = new Operator(platform);
});
afterAll(() => platform.close());

const projectFile = `name: wine
owners: [ada]
data:
  primaryKey: id
  columns:
    id: { type: string }
    x: { type: number, min: 0 }
    y: { type: integer, allowed: [0, 1] }
target: { column: y, task: binary_classification }
training: { onNewData: never }
`;
const csv = `id,x,y\n${Array.from({ length: 200 }, (_, i) => `r${i},${i},${i % 2}`).join('\n')}\nbad,-1,1\n`;

describe('a check that is too big for a function', () => {
  it('is done by a processing job, with DuckDB, and reported as any other', async () => {
    await platform.call(projects.applyProject, { params: { project: 'wine' }, body: projectFile });
    await platform.upload('incoming/wine/rows.csv', csv);
    const report = await platform.eventually('the report', async () => {
      const params = { project: 'wine', datasetVersion: 1 };
      const { status, body } = await platform.call(readValidation, { params });
      return status === 200 ? body : undefined;
    });
    expect(report).toMatchObject({ verdict: 'Warn', engine: { kind: 'processing_job' } });
    const { ProcessingJobSummaries } = await operator.sagemaker.send(new ListProcessingJobsCommand({}));
    expect(ProcessingJobSummaries).toMatchObject([{ ProcessingJobStatus: 'Completed' }]);
  });
});

describe('the role of processing jobs', () => {
  it('reads nothing of other services', async () => {
    const { buckets } = platform.runtime.endpoints;
    await platform.put('data', 'transform/part-0.csv', csv);
    const ProcessingJobName = 'millrace-local-foreign';
    await operator.sagemaker.send(
      new CreateProcessingJobCommand({
        ProcessingJobName,
        RoleArn: 'arn:aws:iam::000000000000:role/millrace-local-us-east-1-processing-execution',
        AppSpecification: {
          ImageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/millrace-local-processing:program',
          ContainerEntrypoint: ['node', '/opt/program/validation.mjs'],
        },
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 } },
        ProcessingInputs: [
          {
            InputName: 'objects',
            S3Input: {
              S3Uri: `s3://${buckets['data']}/transform/part-0.csv`,
              LocalPath: '/opt/ml/processing/input/objects',
              S3DataType: 'ManifestFile',
              S3InputMode: 'File',
            },
          },
        ],
      }),
    );
    const job = await platform.eventually('the end of the job', async () => {
      const described = await operator.sagemaker.send(
        new DescribeProcessingJobCommand({ ProcessingJobName }),
      );
      return described.ProcessingJobStatus === 'InProgress' ? undefined : described;
    });
    expect(job.FailureReason).toContain(
      'processing-execution/SageMaker is not authorized to perform: s3:GetObject',
    );
  });
});
