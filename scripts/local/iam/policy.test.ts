// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like template placeholders
import { describe, expect, it } from 'vitest';
import type { Principal } from '../emulated-service.ts';
import { compilePolicy, evaluate, evaluateResourcePolicy, policyContext } from './policy.ts';

const role: Principal = {
  kind: 'role',
  arn: 'arn:aws:sts::000000000000:assumed-role/writer/session',
  roleArn: 'arn:aws:iam::000000000000:role/writer',
};
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';

function decide(
  statements: unknown,
  action: string,
  resource = table,
  context: Record<string, string> = {},
): string {
  const compiled = compilePolicy('test', { Version: '2012-10-17', Statement: statements });
  return evaluate(compiled, { action, resource }, policyContext(role, 'us-east-1', '000000000000', context))
    .effect;
}

const allow = (Action: unknown, Resource: unknown = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

describe('evaluate', () => {
  it.each([
    ['an exact action', allow('dynamodb:PutItem', table), 'dynamodb:PutItem', 'allow'],
    ['an action in other case', allow('DynamoDB:putitem', table), 'dynamodb:PutItem', 'allow'],
    ['a wildcard action', allow('dynamodb:*Item', table), 'dynamodb:PutItem', 'allow'],
    ['a question mark', allow('dynamodb:?utItem', table), 'dynamodb:PutItem', 'allow'],
    ['another action', allow('dynamodb:GetItem', table), 'dynamodb:PutItem', 'implicitDeny'],
    ['another resource', allow('dynamodb:PutItem', `${table}s`), 'dynamodb:PutItem', 'implicitDeny'],
    [
      'a resource wildcard',
      allow('dynamodb:PutItem', 'arn:aws:dynamodb:*:*:table/ord*'),
      'dynamodb:PutItem',
      'allow',
    ],
    ['one of several', allow(['a:B', 'dynamodb:PutItem'], ['x', table]), 'dynamodb:PutItem', 'allow'],
    ['a dot taken literally', allow('dynamodb.PutItem', '*'), 'dynamodb:PutItem', 'implicitDeny'],
    [
      'NotAction naming another',
      { Effect: 'Allow', NotAction: 'dynamodb:Get*', Resource: '*' },
      'dynamodb:PutItem',
      'allow',
    ],
    [
      'NotAction naming it',
      { Effect: 'Allow', NotAction: 'dynamodb:*', Resource: '*' },
      'dynamodb:PutItem',
      'implicitDeny',
    ],
    [
      'NotResource naming it',
      { Effect: 'Allow', Action: '*', NotResource: table },
      'dynamodb:PutItem',
      'implicitDeny',
    ],
    [
      'NotResource naming another',
      { Effect: 'Allow', Action: '*', NotResource: 'x' },
      'dynamodb:PutItem',
      'allow',
    ],
  ])('decides %s', (_what, statement, action, effect) => {
    expect(decide(statement, action)).toBe(effect);
  });

  it('lets an explicit deny win over any allow', () => {
    const deny = { Effect: 'Deny', Action: 'dynamodb:Delete*', Resource: '*' };
    expect(decide([allow('*'), deny], 'dynamodb:DeleteItem')).toBe('explicitDeny');
    expect(decide([allow('*'), deny], 'dynamodb:GetItem')).toBe('allow');
  });

  it('denies a question about all resources unless the statement speaks of all', () => {
    expect(decide(allow('dynamodb:ListTables', table), 'dynamodb:ListTables', '*')).toBe('implicitDeny');
    expect(decide(allow('dynamodb:ListTables'), 'dynamodb:ListTables', '*')).toBe('allow');
  });

  it.each([
    ['StringEquals', { 'cloudwatch:namespace': 'Millrace' }, { 'cloudwatch:namespace': 'Millrace' }, 'allow'],
    [
      'StringEquals',
      { 'cloudwatch:namespace': 'Millrace' },
      { 'cloudwatch:namespace': 'millrace' },
      'implicitDeny',
    ],
    [
      'StringEquals',
      { 'cloudwatch:namespace': 'Mill*' },
      { 'cloudwatch:namespace': 'Millrace' },
      'implicitDeny',
    ],
    ['StringEquals', { 'cloudwatch:namespace': 'Millrace' }, {}, 'implicitDeny'],
    ['StringEqualsIfExists', { 'cloudwatch:namespace': 'Millrace' }, {}, 'allow'],
    [
      'ForAllValues:StringLike',
      { 'dynamodb:LeadingKeys': 'ROUTING#*' },
      { 'dynamodb:LeadingKeys': 'ROUTING#a' },
      'allow',
    ],
    [
      'ForAllValues:StringLike',
      { 'dynamodb:LeadingKeys': 'ROUTING#*' },
      { 'dynamodb:LeadingKeys': 'LEASE#a' },
      'implicitDeny',
    ],
    ['ForAllValues:StringLike', { 'dynamodb:LeadingKeys': 'ROUTING#*' }, {}, 'allow'],
    ['ForAnyValue:StringLike', { 'dynamodb:LeadingKeys': 'ROUTING#*' }, {}, 'implicitDeny'],
    ['StringNotEquals', { 'cloudwatch:namespace': 'Millrace' }, {}, 'allow'],
    [
      'StringNotEquals',
      { 'cloudwatch:namespace': ['A', 'B'] },
      { 'cloudwatch:namespace': 'B' },
      'implicitDeny',
    ],
    [
      'StringLike',
      { 'CloudWatch:Namespace': ['x', 'Mill*'] },
      { 'cloudwatch:namespace': 'Millrace' },
      'allow',
    ],
    ['ArnLike', { 'aws:PrincipalArn': 'arn:aws:iam::*:role/wri*' }, {}, 'allow'],
    ['ArnEquals', { 'aws:PrincipalArn': 'arn:aws:iam::000000000000:role/reader' }, {}, 'implicitDeny'],
    ['Bool', { 'aws:SecureTransport': 'true' }, {}, 'allow'],
    ['Bool', { 'aws:SecureTransport': false }, {}, 'implicitDeny'],
    ['Null', { 'cloudwatch:namespace': 'true' }, {}, 'allow'],
    ['Null', { 'cloudwatch:namespace': 'true' }, { 'cloudwatch:namespace': 'x' }, 'implicitDeny'],
  ])('decides the condition %s %j in context %j', (operator, keys, context, effect) => {
    const statement = allow('a:B', '*', { Condition: { [operator]: keys } });
    expect(decide(statement, 'a:B', table, context as Record<string, string>)).toBe(effect);
  });

  it('puts the values of policy variables into resources, and matches nothing without the value', () => {
    const statement = allow('s3:GetObject', 'arn:aws:s3:::b/${aws:PrincipalAccount}/*');
    expect(decide(statement, 's3:GetObject', 'arn:aws:s3:::b/000000000000/k')).toBe('allow');
    expect(decide(statement, 's3:GetObject', 'arn:aws:s3:::b/111111111111/k')).toBe('implicitDeny');
    const unknown = allow('s3:GetObject', 'arn:aws:s3:::b/${aws:PrincipalTag/team}/*');
    expect(decide(unknown, 's3:GetObject', 'arn:aws:s3:::b/team/k')).toBe('implicitDeny');
  });

  it.each([
    [
      'an unknown operator',
      {
        Effect: 'Allow',
        Action: 'a:B',
        Resource: '*',
        Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      },
      /operator IpAddress/,
    ],
    [
      'a variable in NotResource',
      { Effect: 'Deny', Action: 'a:B', NotResource: 'x/${aws:username}' },
      /NotResource/,
    ],
    ['NotPrincipal', { Effect: 'Deny', Action: 'a:B', Resource: '*', NotPrincipal: '*' }, /NotPrincipal/],
    ['a misspelt effect', { Effect: 'allow', Action: 'a:B', Resource: '*' }, /Effect/],
  ])('refuses %s instead of deciding it wrongly', (_what, statement, message) => {
    expect(() => compilePolicy('p', { Statement: [statement] })).toThrow(message);
  });
});

describe('evaluateResourcePolicy', () => {
  const queue = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';
  const rule = 'arn:aws:events:us-east-1:000000000000:rule/bus/rule';
  const fromRule = compilePolicy('queue', {
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queue,
      Condition: { ArnEquals: { 'aws:SourceArn': rule } },
    },
  });
  const ask = (principal: Principal) =>
    evaluateResourcePolicy(
      fromRule,
      principal,
      { action: 'sqs:SendMessage', resource: queue },
      policyContext(principal, 'us-east-1', '000000000000'),
    ).effect;

  it('allows the service that it names, acting for the source that it names', () => {
    expect(ask({ kind: 'service', service: 'events.amazonaws.com', sourceArn: rule })).toBe('allow');
  });

  it('denies another service, another source and a role', () => {
    expect(ask({ kind: 'service', service: 'sns.amazonaws.com', sourceArn: rule })).toBe('implicitDeny');
    expect(ask({ kind: 'service', service: 'events.amazonaws.com', sourceArn: `${rule}2` })).toBe(
      'implicitDeny',
    );
    expect(ask(role)).toBe('implicitDeny');
  });

  it('holds the deny of insecure transport against nobody, since loopback stands in for TLS', () => {
    const enforceSsl = compilePolicy('bucket', {
      Statement: {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    });
    const context = policyContext(role, 'us-east-1', '000000000000');
    expect(
      evaluateResourcePolicy(
        enforceSsl,
        role,
        { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' },
        context,
      ).effect,
    ).toBe('implicitDeny');
  });
});
