import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../emulated-service.ts';
import { makeTestContext } from '../testing/serve-one.ts';
import { createIam } from './index.ts';

const trust = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const roleArn = 'arn:aws:iam::000000000000:role/writer';
const caller: Principal = {
  kind: 'role',
  arn: 'arn:aws:sts::000000000000:assumed-role/writer/function',
  roleArn,
};
const put = { action: 'dynamodb:PutItem', resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders' };

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-iam-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const declare = (type: string, logicalId: string, properties: Record<string, unknown>) => ({
  stackName: 'stack',
  logicalId,
  type: `AWS::IAM::${type}`,
  properties,
});

async function iamWithRole(properties: Record<string, unknown> = {}) {
  const iam = createIam(makeTestContext({ dataDir }));
  await iam.provision(
    declare('Role', 'Writer', { RoleName: 'writer', AssumeRolePolicyDocument: trust, ...properties }),
  );
  return iam;
}
const policy = (Action: string, Resource = put.resource) => ({
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

describe('createIam', () => {
  it('denies what no policy allows, worded as AWS words it', async () => {
    const iam = await iamWithRole();
    expect(() => iam.demand(caller, [put])).toThrow(
      'User: arn:aws:sts::000000000000:assumed-role/writer/function is not authorized to perform: dynamodb:PutItem ' +
        'on resource: arn:aws:dynamodb:us-east-1:000000000000:table/orders because no identity-based policy allows the dynamodb:PutItem action',
    );
  });

  it('allows by an inline policy, an attached policy, a managed policy of the template and one of AWS', async () => {
    const logs = { action: 'logs:PutLogEvents', resource: 'arn:aws:logs:us-east-1:000000000000:log-group:x' };
    const iam = await iamWithRole({
      Policies: [{ PolicyName: 'inline', PolicyDocument: policy('dynamodb:PutItem') }],
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    });
    await iam.provision(
      declare('Policy', 'P', { PolicyName: 'p', PolicyDocument: policy('a:B'), Roles: ['writer'] }),
    );
    await iam.provision(
      declare('ManagedPolicy', 'M', {
        ManagedPolicyName: 'm',
        PolicyDocument: policy('a:C'),
        Roles: ['writer'],
      }),
    );
    iam.demand(caller, [put, logs, { ...put, action: 'a:B' }, { ...put, action: 'a:C' }]);
  });

  it('lets a permissions boundary limit what policies allow', async () => {
    const iam = await iamWithRole({
      Policies: [{ PolicyName: 'inline', PolicyDocument: policy('*', '*') }],
      PermissionsBoundary: 'arn:aws:iam::000000000000:policy/boundary',
    });
    await iam.provision(
      declare('ManagedPolicy', 'B', { ManagedPolicyName: 'boundary', PolicyDocument: policy('dynamodb:*') }),
    );
    iam.demand(caller, [put]);
    expect(() => iam.demand(caller, [{ action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' }])).toThrow(
      'because no permissions boundary allows',
    );
  });

  it('allows the operator everything and a role that does not exist nothing', async () => {
    const iam = await iamWithRole();
    iam.demand({ kind: 'operator', arn: 'x' }, [put]);
    const stranger: Principal = { kind: 'role', arn: 'y', roleArn: 'arn:aws:iam::000000000000:role/gone' };
    expect(() => iam.demand(stranger, [put])).toThrow('not authorized');
  });

  it('lets only the services of the trust policy assume a role', async () => {
    const iam = await iamWithRole();
    iam.assertAssumable(roleArn, 'lambda.amazonaws.com');
    expect(() => iam.assertAssumable(roleArn, 'states.amazonaws.com')).toThrow('Could not assume role');
    expect(() => iam.assertAssumable(`${roleArn}2`, 'lambda.amazonaws.com')).toThrow('Could not assume role');
  });

  it('gives a role session stable keys and knows whose they are', async () => {
    const iam = await iamWithRole();
    const keys = iam.credentialsForRole(roleArn, 'function');
    expect(iam.credentialsForRole(roleArn, 'function')).toEqual(keys);
    expect(iam.identify(keys.accessKeyId)).toMatchObject({
      principal: caller,
      secretAccessKey: keys.secretAccessKey,
    });
    expect(iam.identify('AKIANOBODY')).toBeUndefined();
  });

  it('keeps the operator keys over restarts', async () => {
    const first = (await iamWithRole()).operatorCredentials();
    expect((await iamWithRole()).operatorCredentials()).toEqual(first);
  });

  it('makes stable names for roles that the template leaves unnamed', async () => {
    const iam = createIam(makeTestContext({ dataDir }));
    const unnamed = declare('Role', 'Unnamed', { AssumeRolePolicyDocument: trust });
    const made = await iam.provision(unnamed);
    expect(made.ref).toMatch(/^stack-Unnamed-[0-9A-F]{12}$/);
    expect(await iam.provision(unnamed)).toEqual(made);
  });

  it('writes each kind of decision once, with the statement that allowed it', async () => {
    const iam = await iamWithRole({
      Policies: [{ PolicyName: 'inline', PolicyDocument: policy('dynamodb:Put*', '*') }],
    });
    iam.demand(caller, [put]);
    iam.demand(caller, [{ ...put, resource: `${put.resource}2` }]);
    expect(() => iam.demand(caller, [{ ...put, action: 'dynamodb:GetItem' }])).toThrow();
    const lines = readFileSync(path.join(dataDir, 'iam', 'decisions.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { role: roleArn, action: 'dynamodb:PutItem', resource: '*', outcome: 'allow', statement: 'inline#0' },
      { role: roleArn, action: 'dynamodb:GetItem', resource: put.resource, outcome: 'implicitDeny' },
    ]);
  });
});
