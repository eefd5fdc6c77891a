import { describe, expect, it } from 'vitest';
import { type Resource, tags, violationsOf } from '../testing/breaches.ts';

const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
const table = (properties: Record<string, unknown>): Resource => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: true,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    Tags: tags,
    ...properties,
  },
  ...kept,
});
const logs: Resource = {
  Type: 'AWS::Logs::LogGroup',
  Properties: { RetentionInDays: 90, Tags: tags },
  ...kept,
};

describe('a stage that protects its data', () => {
  const prod = { stage: 'prod', removalProtection: true, alarms: true };

  it('keeps the law when all that holds data is kept', () => {
    expect(violationsOf({ T: table({}), L: logs }, prod)).toEqual([]);
  });

  const breaches: readonly [string, Resource, string][] = [
    [
      'a table that goes with its stack',
      { ...table({}), DeletionPolicy: 'Delete' },
      'the DeletionPolicy Delete',
    ],
    [
      'a log group that goes when it is replaced',
      { ...logs, UpdateReplacePolicy: 'Delete' },
      'the UpdateReplacePolicy Delete',
    ],
    ['a table that a call deletes', table({ DeletionProtectionEnabled: false }), 'can be deleted by a call'],
    [
      'a table without recovery',
      table({ PointInTimeRecoverySpecification: undefined }),
      'cannot be taken back to a point in time',
    ],
    ['a bucket without versions', { Type: 'AWS::S3::Bucket', ...kept }, 'loses objects that are overwritten'],
  ];
  it.each(breaches)('breaks it by %s; others need not keep it', (_name, resource, violation) => {
    expect(violationsOf({ R: resource }, prod).join('\n')).toContain(violation);
    expect(violationsOf({ R: resource }).join('\n')).not.toContain(violation);
  });
});
