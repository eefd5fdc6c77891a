import type { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import type { StageConfig } from '../../config.ts';
import { at, listOf } from '../../laws/resource.ts';
import type { Platform } from '../../platform.ts';
import { inspect } from '../../testing/synthesize.ts';
import { ServiceFunction } from '../service-function.ts';
import { ServiceStack } from '../service-stack.ts';
import { allowReadingGroups, SagemakerGroups } from './sagemaker-groups.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
type Allow = (groups: SagemakerGroups, fn: ServiceFunction, stack: ServiceStack) => unknown;

/** What a function and the groups' role may do, and what the function is told. */
function permissions(allow: Allow, changes: Partial<StageConfig> = {}) {
  class Groups extends ServiceStack {
    constructor(scope: Construct, platform: Platform) {
      super(scope, platform, 'feature-store');
      allow(
        new SagemakerGroups(this),
        new ServiceFunction(this, 'http', { description: 'Uses groups' }),
        this,
      );
    }
  }
  const ours = inspect('dev', [Groups], changes).resources.filter(({ stackName }) =>
    stackName.endsWith('-feature-store'),
  );
  const statementsOf = (policy: string) =>
    ours
      .filter(({ type, logicalId }) => type === 'AWS::IAM::Policy' && logicalId.startsWith(policy))
      .flatMap(({ properties }) => listOf(at(properties, 'PolicyDocument', 'Statement')) as Statement[]);
  const fn = ours.find(({ properties }) => String(properties['FunctionName']).endsWith('-http'))!;
  const statements = statementsOf('httpRole');
  const on = (resource: RegExp) =>
    statements
      .filter(({ Resource }) => resource.test(JSON.stringify(Resource)))
      .flatMap(({ Action }) => listOf(Action));
  return {
    statements,
    role: statementsOf('FeatureGroupsRole'),
    onGroups: on(/:feature-group\/millrace-dev-\*"[\]}]*$/),
    onKey: on(/^"arn:aws:kms:/),
    told: at(fn.properties, 'Environment', 'Variables') as Record<string, unknown>,
  };
}
const writes: Allow = (groups, fn) => groups.allowWriting(fn);
const reads: Allow = (_groups, fn, stack) => allowReadingGroups(stack, fn);
const deletes: Allow = (groups, fn) => groups.allowDeleting(fn);
const encryptionKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/0c5b1c9e-1111-2222-3333-444455556666';

describe('feature groups', () => {
  it('are created and written by who may write', () => {
    const { onGroups, told, statements, onKey } = permissions(writes);
    expect(onGroups).toEqual([
      'sagemaker:AddTags',
      'sagemaker:BatchGetRecord',
      'sagemaker:CreateFeatureGroup',
      'sagemaker:DeleteRecord',
      'sagemaker:DescribeFeatureGroup',
      'sagemaker:PutRecord',
    ]);
    const pass = statements.find(({ Action }) => Action === 'iam:PassRole');
    expect(JSON.stringify(pass?.Resource)).toContain('feature-groups');
    expect(pass?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
    expect(JSON.stringify(told['FEATURE_GROUP_ROLE_ARN'])).toContain('feature-groups');
    expect(onKey).toEqual([]);
  });

  it('are only read by who may read', () => {
    const { onGroups, statements } = permissions(reads);
    expect(onGroups).toEqual(['sagemaker:BatchGetRecord']);
    expect(JSON.stringify(statements)).not.toContain('iam:PassRole');
  });

  it('are only read and deleted from by who may delete', () => {
    const { onGroups, statements } = permissions(deletes);
    expect(onGroups).toEqual(['sagemaker:BatchGetRecord', 'sagemaker:DeleteRecord']);
    expect(JSON.stringify(statements)).not.toContain('iam:PassRole');
  });

  it('use the stage’s key through SageMaker alone', () => {
    const { statements, onKey, told } = permissions(writes, { encryptionKeyArn });
    expect(onKey).toContain('kms:CreateGrant');
    expect(told['ENCRYPTION_KEY_ARN']).toBe(encryptionKeyArn);
    const grant = statements.find(({ Action }) => listOf(Action).includes('kms:CreateGrant'));
    expect(grant?.Condition).toEqual({
      StringEquals: { 'kms:ViaService': 'sagemaker.eu-central-1.amazonaws.com' },
    });
    expect(permissions(reads, { encryptionKeyArn }).onKey).toContain('kms:Decrypt');
  });

  it('write below their prefix of the data bucket, and nothing else', () => {
    const { role } = permissions(reads);
    expect(role.flatMap(({ Action }) => listOf(Action))).toEqual([
      's3:PutObject',
      's3:PutObjectAcl',
      's3:GetBucketAcl',
    ]);
    expect(JSON.stringify(role[0]?.Resource)).toMatch(/-data\/feature-store\/sagemaker\/\*"/);
  });
});
