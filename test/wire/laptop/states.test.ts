import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe } from 'vitest';
import { openMailbox, type StatesSubject, statesSuite } from '../states/index.ts';
import { declareSuite } from '../suite.ts';
import { type Laptop, startLaptop } from './laptop.ts';

const role = (RoleName: string, service: string, Statement: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName,
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'allowed', PolicyDocument: { Statement } }],
  },
});
const Resources = {
  FunctionRole: role('wire-function', 'lambda.amazonaws.com', [
    { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' },
  ]),
  MachineRole: role('wire-machine', 'states.amazonaws.com', [
    {
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:wire',
    },
    {
      Effect: 'Allow',
      Action: 'states:StartExecution',
      Resource: 'arn:aws:states:us-east-1:000000000000:stateMachine:wire-*',
    },
  ]),
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'wire',
      Runtime: 'nodejs24.x',
      Handler: 'function.handler',
      Timeout: 10,
      Code: { S3Bucket: 'assets', S3Key: 'function.zip' },
      Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
    },
  },
};

let laptop: Laptop;
let subject: StatesSubject;

beforeAll(async () => {
  const stack = { template: { Resources }, assets: { 'function.zip': 'asset.function' } };
  laptop = await startLaptop(stack, async (assemblyDir) => {
    const folder = path.join(assemblyDir, 'asset.function');
    mkdirSync(folder);
    cpSync(path.join(import.meta.dirname, '../states/function.mjs'), path.join(folder, 'function.mjs'));
  });
  const { states } = laptop.runtime.services;
  subject = {
    client: new SFNClient(laptop.config),
    mailbox: await openMailbox(),
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:wire',
    makeMachine: async (StateMachineName, definition) => {
      const properties = {
        StateMachineName,
        RoleArn: 'arn:aws:iam::000000000000:role/wire-machine',
        DefinitionString: JSON.stringify(definition),
      };
      const type = 'AWS::StepFunctions::StateMachine';
      return (await states.provision({ stackName: 'Wire', logicalId: StateMachineName, type, properties }))
        .ref;
    },
  };
});
afterAll(async () => {
  subject?.client.destroy();
  subject?.mailbox.close();
  await laptop?.stop();
});

describe('Step Functions of the laptop runtime', () => {
  declareSuite(statesSuite, () => subject);
});
