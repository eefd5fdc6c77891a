import { describe, expect, it } from 'vitest';
import { findPermissionGaps, type Run, staleExceptions } from './permission-gaps.ts';

const role = 'arn:aws:iam::000000000000:role/writer';
const run = (decisions: Run['decisions']): Run => ({
  roles: [
    {
      role,
      statements: [
        { statement: 'p#0', effect: 'Allow', actions: ['dynamodb:PutItem', 's3:Get*'], resources: ['*'] },
        { statement: 'p#1', effect: 'Deny', actions: ['s3:DeleteObject'], resources: ['*'] },
      ],
    },
  ],
  decisions,
});
const allowed = (action: string) =>
  ({ role, action, resource: '*', outcome: 'allow', statement: 'p#0' }) as const;
const denied = { role, action: 'sqs:SendMessage', resource: 'queue', outcome: 'implicitDeny' } as const;

describe('findPermissionGaps', () => {
  it('lists actions of allow statements that no run used', () => {
    expect(findPermissionGaps([run([allowed('s3:GetObject')])], [])).toEqual([
      { kind: 'unused', role: 'writer', action: 'dynamodb:PutItem', statement: 'p#0' },
    ]);
  });

  it('lists resources of used statements that no run touched', () => {
    const statement = { statement: 'p#0', effect: 'Allow' as const, actions: ['s3:GetObject'] };
    const roles = [{ role, statements: [{ ...statement, resources: ['*', 'arn:aws:s3:::other/*'] }] }];
    expect(findPermissionGaps([{ roles, decisions: [allowed('s3:GetObject')] }], [])).toEqual([
      {
        kind: 'unused',
        role: 'writer',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::other/*',
        statement: 'p#0',
      },
    ]);
  });

  it('takes several runs together', () => {
    expect(
      findPermissionGaps([run([allowed('s3:getobject')]), run([allowed('dynamodb:PutItem')])], []),
    ).toEqual([]);
  });

  it('lists calls that were denied, and justifies findings that an exception covers', () => {
    const exceptions = [
      { kind: 'unused', role: 'wri*', action: '*', reason: 'used by an operator only' },
    ] as const;
    expect(findPermissionGaps([run([denied])], [...exceptions])).toEqual([
      { kind: 'missing', role: 'writer', action: 'sqs:SendMessage', resource: 'queue' },
      expect.objectContaining({ action: 'dynamodb:PutItem', justification: 'used by an operator only' }),
      expect.objectContaining({ action: 's3:Get*', justification: 'used by an operator only' }),
    ]);
  });
});

describe('staleExceptions', () => {
  it('names the exceptions that no finding needs', () => {
    const [needed, stale] = [
      { kind: 'unused', role: 'wri*', action: 'dynamodb:*', reason: 'used by an operator only' },
      { kind: 'missing', role: 'writer', action: 's3:*', reason: 'was denied when it was written' },
    ] as const;
    const findings = findPermissionGaps([run([])], [needed, stale]);
    expect(staleExceptions(findings, [needed, stale])).toEqual([stale]);
  });

  it('says nothing of an exception for what happens at certain moments only', () => {
    const reason = 'an object went away while it was read';
    const occasional = { kind: 'missing', role: 'writer', action: 's3:*', reason, occasional: true } as const;
    expect(staleExceptions(findPermissionGaps([run([])], [occasional]), [occasional])).toEqual([]);
  });
});
