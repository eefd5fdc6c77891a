import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Runtime, startRuntime } from './runtime.ts';
import { writeAssembly } from './testing/write-assembly.ts';

const handlerSource = `
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient();
export const handler = async (event) => {
  await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: event.id } } }));
  return 'written';
};`;

let root: string;
let dataDir: string;
let runtime: Runtime | undefined;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'millrace-runtime-'));
  await build({
    stdin: { contents: handlerSource, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: path.join(root, 'cdk.out', 'asset.writer', 'index.mjs'),
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});
beforeEach(() => {
  dataDir = mkdtempSync(path.join(root, 'data-'));
  writeAssembly(path.join(root, 'cdk.out'), assembly());
});
afterEach(async () => {
  await runtime?.stop();
  runtime = undefined;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const trust = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const role = (RoleName: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName, AssumeRolePolicyDocument: trust },
});
const writer = (FunctionName: string, roleId: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { S3Bucket: 'assets', S3Key: 'writer.zip' },
    Role: { 'Fn::GetAtt': [roleId, 'Arn'] },
    Environment: { Variables: { TABLE: { 'Fn::ImportValue': 'table' } } },
  },
});

function assembly() {
  const table = {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    },
  };
  const grant = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'write',
      Roles: [{ Ref: 'AllowedRole' }],
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: { 'Fn::ImportValue': 'tableArn' } },
        ],
      },
    },
  };
  return {
    Storage: {
      template: {
        Resources: { Table: table },
        Outputs: {
          Name: { Value: { Ref: 'Table' }, Export: { Name: 'table' } },
          Arn: { Value: { 'Fn::GetAtt': ['Table', 'Arn'] }, Export: { Name: 'tableArn' } },
        },
      },
    },
    Functions: {
      dependsOn: ['Storage'],
      assets: { 'writer.zip': 'asset.writer' },
      template: {
        Resources: {
          Allowed: writer('allowed', 'AllowedRole'),
          AllowedRole: role('allowed'),
          Grant: grant,
          Denied: writer('denied', 'DeniedRole'),
          DeniedRole: role('denied'),
        },
      },
    },
  };
}

async function start(awsPort = 0): Promise<Runtime> {
  runtime = await startRuntime({
    assemblyDir: path.join(root, 'cdk.out'),
    dataDir,
    awsPort,
    platformPort: 0,
  });
  return runtime;
}

function clients({ endpoints }: Runtime) {
  const config = {
    endpoint: endpoints.awsUrl,
    region: endpoints.region,
    credentials: endpoints.credentials,
    maxAttempts: 1,
  };
  return { lambda: new LambdaClient(config), dynamodb: new DynamoDBClient(config) };
}

async function invoke(running: Runtime, FunctionName: string, payload: object) {
  const Payload = JSON.stringify(payload);
  const answer = await clients(running).lambda.send(new InvokeCommand({ FunctionName, Payload }));
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
}

describe('startRuntime', () => {
  it('runs the functions of the template under their roles: what a role allows works, the rest is AccessDenied', async () => {
    const running = await start();
    expect(await invoke(running, 'allowed', { id: '1' })).toBe('written');
    expect(await invoke(running, 'denied', { id: '2' })).toMatchObject({
      errorType: 'AccessDeniedException',
      errorMessage: expect.stringContaining(
        'assumed-role/denied/denied is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/orders',
      ),
    });
    const read = (id: string) =>
      clients(running).dynamodb.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: id } } }));
    expect((await read('1')).Item).toEqual({ id: { S: '1' } });
    expect((await read('2')).Item).toBeUndefined();
  });

  it('keeps what was written over a restart', async () => {
    const first = await start();
    const item = { TableName: 'orders', Item: { id: { S: '1' } } };
    await clients(first).dynamodb.send(new PutItemCommand(item));
    await first.stop();
    const key = { TableName: 'orders', Key: { id: { S: '1' } } };
    const answer = await clients(await start()).dynamodb.send(new GetItemCommand(key));
    expect(answer.Item).toEqual({ id: { S: '1' } });
  });

  it('writes the endpoints, readable by their owner only', async () => {
    const running = await start();
    const file = JSON.parse(readFileSync(path.join(dataDir, 'endpoints.json'), 'utf8'));
    expect(file).toEqual(JSON.parse(JSON.stringify(running.endpoints)));
    expect(file).toMatchObject({ region: 'us-east-1', accountId: '000000000000', pid: process.pid });
  });

  it('refuses a data folder in use', async () => {
    await start();
    const first = runtime;
    await expect(start()).rejects.toThrow('is in use by the Millrace runtime with process id');
    runtime = first;
  });

  it('names a port in use and the cure, and leaves nothing running', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as { port: number };
    await expect(start(port)).rejects.toThrow(
      `Port ${port} is in use by another program. Stop it, or choose another with --aws-port PORT.`,
    );
    expect(existsSync(path.join(dataDir, 'runtime.lock'))).toBe(false);
    blocker.close();
  });

  it('stops at a resource that it does not support, naming stack, resource, type and cure', async () => {
    const stacks = assembly();
    writeAssembly(path.join(root, 'cdk.out'), {
      ...stacks,
      Network: { template: { Resources: { Vpc: { Type: 'AWS::EC2::VPC' } } } },
    });
    await expect(start()).rejects.toThrow(
      /^Stack Network, resource Vpc \(AWS::EC2::VPC\): the laptop runtime does not support this type\. Leave it out/,
    );
    expect(existsSync(path.join(dataDir, 'runtime.lock'))).toBe(false);
  });

  it('says how to cure a damaged data folder', async () => {
    await (await start()).stop();
    writeFileSync(path.join(dataDir, 'cloudformation', 'deployed.json'), '{"res');
    await expect(start()).rejects.toThrow(
      'deployed.json is damaged. Start with --fresh to drop the data folder.',
    );
  });
});
