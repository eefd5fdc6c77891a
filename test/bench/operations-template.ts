import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeAssembly } from '../../scripts/local/testing/write-assembly.ts';

export const functionName = 'bench-nothing';
export const tableName = 'bench';
export const bucketName = 'bench-objects';
export const stateMachineName = 'bench-steps';
/** Pass states of the machine, one after the other. */
export const machineSteps = 500;

const roleNamed = (RoleName: string, Service: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName,
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
    },
  },
});

const states = Object.fromEntries(
  Array.from({ length: machineSteps }, (_none, index) => [
    `Step${index}`,
    index + 1 < machineSteps ? { Type: 'Pass', Next: `Step${index + 1}` } : { Type: 'Pass', End: true },
  ]),
);

const resources = {
  Nothing: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: functionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { S3Bucket: 'assets', S3Key: 'nothing.zip' },
      Role: { 'Fn::GetAtt': ['NothingRole', 'Arn'] },
    },
  },
  NothingRole: roleNamed('bench-nothing', 'lambda.amazonaws.com'),
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    },
  },
  Objects: { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucketName } },
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: stateMachineName,
      RoleArn: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
      DefinitionString: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Step0', States: states }),
    },
  },
  MachineRole: roleNamed('bench-steps', 'states.amazonaws.com'),
};

/** Writes a cloud assembly with one resource of each kind that is measured: a function that does nothing, a table, a bucket, a machine. */
export function writeOperationsAssembly(dir: string): void {
  mkdirSync(path.join(dir, 'asset.nothing'), { recursive: true });
  writeFileSync(path.join(dir, 'asset.nothing', 'index.mjs'), 'export const handler = async () => ({});\n');
  writeAssembly(dir, {
    Bench: { template: { Resources: resources }, assets: { 'nothing.zip': 'asset.nothing' } },
  });
}
