import { describe, expect, it } from 'vitest';
import { type Resource, tags, violationsOf } from '../testing/breaches.ts';

const keyArn = 'arn:aws:kms:eu-central-1:123456789012:key/k';
const lawfulFunction: Resource = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Timeout: 30,
    Architectures: ['arm64'],
    LoggingConfig: { LogGroup: { Ref: 'L' } },
    Tags: tags,
  },
};
const policy = (statement: Record<string, unknown>, reason?: string): Resource => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', ...statement }] } },
  ...(reason ? { Metadata: { cdk_nag: { rules_to_suppress: [{ id: 'AwsSolutions-IAM5', reason }] } } } : {}),
});
const queuePolicy = (statement: Record<string, unknown>): Resource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', ...statement }] },
  },
});
const retries = { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 2 };
const rule = (target: Record<string, unknown>): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: { Targets: [{ Arn: { 'Fn::GetAtt': ['F', 'Arn'] }, RetryPolicy: retries, ...target }] },
});
const asyncFailures: Resource = {
  Type: 'AWS::Lambda::EventInvokeConfig',
  Properties: {
    FunctionName: { Ref: 'F' },
    DestinationConfig: { OnFailure: { Destination: 'queue' } },
    ...retries,
  },
};
const machine = (definition: object): Resource => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { DefinitionString: JSON.stringify(definition), Tags: tags },
});

const authorizer = (functionArn: string): Resource => ({
  Type: 'AWS::ApiGateway::Authorizer',
  Properties: {
    AuthorizerUri: {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, `:apigateway:r:lambda:path/${functionArn}/invocations`],
      ],
    },
  },
});
const provisionedAlias: Resource = {
  Type: 'AWS::Lambda::Alias',
  Properties: { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 } },
};

const queueMapping = {
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: { 'Fn::GetAtt': ['Q', 'Arn'] },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  },
};

describe('a lawful template', () => {
  it('has no violations', () => {
    const delivered = rule({ DeadLetterConfig: { Arn: 'queue' } });
    const called = authorizer('arn:aws:lambda:r:a:function:f:live');
    expect(violationsOf({ F: lawfulFunction, R: delivered, I: asyncFailures, A: called })).toEqual([]);
  });
});

describe('each law names the resource, the breach and the cure', () => {
  const without = (name: string): Resource => {
    const { [name]: _, ...Properties } = lawfulFunction.Properties!;
    return { ...lawfulFunction, Properties };
  };
  const breaches: readonly [string, Record<string, Resource>, string][] = [
    [
      'a rule without a dead-letter queue',
      { F: lawfulFunction, R: rule({}), I: asyncFailures },
      'S/R (AWS::Events::Rule) has a target without a dead-letter queue',
    ],
    [
      'a target whose own failures go nowhere',
      { F: lawfulFunction, R: rule({ DeadLetterConfig: { Arn: 'queue' } }) },
      'call deadLetterAsynchronousFailures() on it',
    ],
    [
      'a stream mapping without a failure destination',
      {
        M: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 3 },
        },
      },
      'without a failure destination',
    ],
    [
      'a target that is tried as long as AWS likes',
      {
        F: lawfulFunction,
        R: rule({ DeadLetterConfig: { Arn: 'queue' }, RetryPolicy: { MaximumRetryAttempts: 3 } }),
        I: asyncFailures,
      },
      'leaves MaximumEventAgeInSeconds to the default of AWS',
    ],
    [
      'a stream mapping that tries for ever',
      { M: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { MaximumRetryAttempts: -1 } } },
      'without an end to its retries',
    ],
    [
      'a queue mapping without a dead-letter queue',
      { Q: { Type: 'AWS::SQS::Queue', Properties: {} }, M: queueMapping },
      'which has no dead-letter queue',
    ],
    [
      'a queue that takes messages from everybody',
      { P: queuePolicy({ Principal: { AWS: '*' } }) },
      'allows everybody',
    ],
    [
      'a queue that a service may fill for any account',
      { P: queuePolicy({ Principal: { Service: 'events.amazonaws.com' } }) },
      'lets events.amazonaws.com act for any account',
    ],
    [
      'a function that a service may invoke for any account',
      { P: { Type: 'AWS::Lambda::Permission', Properties: { Principal: 'apigateway.amazonaws.com' } } },
      'lets anybody invoke a function',
    ],
    ['a wildcard action', { P: policy({ Action: 's3:*', Resource: 'arn' }) }, "allows the action 's3:*'"],
    [
      'the resource * without a reason',
      { P: policy({ Action: 'x:Y', Resource: '*' }) },
      "on the resource '*' without a reason",
    ],
    ['NotAction', { P: policy({ NotAction: 'x:Y', Resource: 'arn' }) }, 'NotAction'],
    [
      'a managed policy',
      { R: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: ['arn'] } } },
      'has managed policies',
    ],
    ['a NAT gateway', { N: { Type: 'AWS::EC2::NatGateway' } }, 'not known to be free while idle'],
    ['a key of KMS', { K: { Type: 'AWS::KMS::Key' } }, 'not known to be free while idle'],
    [
      'a key that the stage does not ask for',
      { Q: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: keyArn, Tags: tags } } },
      "sets KmsMasterKeyId, a key that is paid by the month: leave it out, or name the key as the stage's encryptionKeyArn",
    ],
    [
      'provisioned capacity of a table',
      { T: { Type: 'AWS::DynamoDB::Table', Properties: { ProvisionedThroughput: {}, Tags: tags } } },
      'has provisioned capacity',
    ],
    [
      'a function in a VPC',
      { F: { ...lawfulFunction, Properties: { ...lawfulFunction.Properties, VpcConfig: {} } } },
      'sets VpcConfig',
    ],
    [
      'a log group without an end',
      { L: { Type: 'AWS::Logs::LogGroup', Properties: { Tags: tags } } },
      'keeps logs for ever',
    ],
    ['a function that logs to a group of Lambda', { F: without('LoggingConfig') }, 'give it a log group'],
    ['a function without a time limit', { F: without('Timeout') }, 'has no time limit'],
    ['a function on another architecture', { F: without('Architectures') }, 'does not run on arm64'],
    ['a function without cost tags', { F: without('Tags') }, 'lacks the cost tag millrace:stage'],
    [
      'a machine without a time limit',
      { M: machine({ States: {} }) },
      'has no time limit: set TimeoutSeconds',
    ],
    [
      'a task without a time limit, however deep',
      {
        M: machine({
          TimeoutSeconds: 9,
          States: { P: { Branches: [{ States: { Inner: { Type: 'Task' } } }] } },
        }),
      },
      'has the task Inner without a time limit',
    ],
    [
      'a bucket that is not encrypted',
      { B: { Type: 'AWS::S3::Bucket', Properties: { Tags: tags } } },
      'is not encrypted',
    ],
    [
      'an API that calls a function by no alias',
      {
        F: lawfulFunction,
        I: {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: { IntegrationUri: { 'Fn::GetAtt': ['F', 'Arn'] } },
        },
      },
      'calls a function by no alias',
    ],
    [
      'an authorizer that is called by its version',
      { A: authorizer('arn:aws:lambda:r:a:function:f:7') },
      'calls a function by no alias',
    ],
    ['an alias that keeps processes ready', { A: provisionedAlias }, 'sets ProvisionedConcurrencyConfig'],
    [
      'a queue that is reached without TLS',
      { Q: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: true, Tags: tags } } },
      'without TLS',
    ],
  ];
  it.each(breaches)('finds %s', (_name, resources, violation) => {
    expect(violationsOf(resources).join('\n')).toContain(violation);
  });
});

it('takes the resource * with a written reason', () => {
  expect(violationsOf({ P: policy({ Action: 'x:Y', Resource: '*' }, 'X names no resource.') })).toEqual([]);
});

it('lets functions run on any architecture in stage local', () => {
  const onX86 = {
    ...lawfulFunction,
    Properties: { ...lawfulFunction.Properties, Architectures: ['x86_64'] },
  };
  expect(violationsOf({ F: onX86 }, { stage: 'local', removalProtection: false, alarms: true })).toEqual([]);
});

it('takes the key that the stage asks for, and no other', () => {
  const bucket = (KMSMasterKeyID: string): Resource => ({
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID } }],
      },
      Tags: tags,
    },
  });
  const Resources = { Own: bucket(keyArn), Other: bucket(`${keyArn}2`) };
  const found = violationsOf(Resources, {
    stage: 'dev',
    removalProtection: false,
    alarms: true,
    encryptionKeyArn: keyArn,
  });
  expect(found.filter((violation) => violation.includes('KMSMasterKeyID'))).toEqual([
    expect.stringMatching(/^S\/Other /),
  ]);
});
