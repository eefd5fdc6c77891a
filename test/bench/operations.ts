import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Endpoints } from '../../scripts/local/host/endpoints.ts';
import { type Bench, type Measurement, quantile } from './measurement.ts';
import {
  bucketName,
  functionName,
  machineSteps,
  stateMachineName,
  tableName,
} from './operations-template.ts';
import { withFolder } from './temporary-folder.ts';

const rounds = 5;
const callsPerRound = 200;
const warmUpCalls = 200;
const objectBytes = 4096;

type Call = () => Promise<unknown>;

export const operations: Bench = {
  name: 'operations',
  title: 'Emulated services',
  method: `Median of ${callsPerRound} calls, one after the other, by the AWS SDK from another process, after ${warmUpCalls} calls: signature, IAM decision and durable write included. The state machine's step is its execution's time shared by its ${machineSteps} Pass states.`,
  run: (say) =>
    withFolder(async (folder) => {
      const runtime = fork(path.join(import.meta.dirname, 'operations-runtime.ts'), [folder]);
      try {
        const [endpoints] = (await once(runtime, 'message')) as [Endpoints];
        const rows: Measurement[] = [];
        for (const [title, call] of callsOf(endpoints)) {
          say(title);
          rows.push({ title, unit: 'ms', values: await medians(call) });
        }
        return [...rows, await machineStep(endpoints)];
      } finally {
        const exited = once(runtime, 'exit');
        runtime.disconnect();
        await exited;
      }
    }),
};

const configOf = ({ awsUrl, region, credentials }: Endpoints) => ({ endpoint: awsUrl, region, credentials });

function callsOf(endpoints: Endpoints): [string, Call][] {
  const config = configOf(endpoints);
  const lambda = new LambdaClient(config);
  const dynamodb = new DynamoDBClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: { id: { S: 'counter' } },
    UpdateExpression: 'ADD hits :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  });
  const put = new PutObjectCommand({
    Bucket: bucketName,
    Key: 'object',
    Body: Buffer.alloc(objectBytes, 'x'),
  });
  return [
    [
      'Lambda, warm invoke of a function that does nothing',
      () => lambda.send(new InvokeCommand({ FunctionName: functionName })),
    ],
    ['DynamoDB UpdateItem', () => dynamodb.send(update)],
    [`S3 PutObject, ${objectBytes / 1024} KiB`, () => s3.send(put)],
  ];
}

/** The median time of a call in milliseconds, once per round. */
async function medians(call: Call): Promise<number[]> {
  for (let n = 0; n < warmUpCalls; n += 1) await call();
  const found: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times: number[] = [];
    for (let n = 0; n < callsPerRound; n += 1) {
      const startedMs = performance.now();
      await call();
      times.push(performance.now() - startedMs);
    }
    found.push(quantile(times, 0.5));
  }
  return found;
}

async function machineStep(endpoints: Endpoints): Promise<Measurement> {
  const client = new SFNClient(configOf(endpoints));
  const stateMachineArn = `arn:aws:states:${endpoints.region}:${endpoints.accountId}:stateMachine:${stateMachineName}`;
  const values: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    const execution = await ended(client, executionArn ?? '');
    // The first execution compiles the machine.
    if (round > 0) values.push(execution / machineSteps);
  }
  return { title: 'Step Functions, one step', unit: 'ms', values };
}

/** How long an execution ran, in milliseconds. */
async function ended(client: SFNClient, executionArn: string): Promise<number> {
  for (;;) {
    const { status, startDate, stopDate } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return Number(stopDate) - Number(startDate);
    if (status !== 'RUNNING') throw new Error(`The execution ${executionArn} is ${status}.`);
  }
}
