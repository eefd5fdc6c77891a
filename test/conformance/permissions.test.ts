import { describe, expect, it } from 'vitest';
import { findPermissionGaps, type Run, staleExceptions } from '../../scripts/check/permission-gaps.ts';
import { readExceptions, readRun } from '../../scripts/check/permission-runs.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { allRuns } from './parts/runs.ts';

const runs = await part(allRuns);
const exceptions = readExceptions();

/** What roles may do and did in the runs of our templates. */
const ownRuns = (): Run[] =>
  theValue(runs)
    .filter(({ templates }) => templates === 'local')
    .map(({ dir }) => readRun(dir));
const openGaps = (of: readonly Run[]) =>
  findPermissionGaps(of, exceptions).filter(({ justification }) => justification === undefined);

describe.skipIf(runs.missing)(checkTitle('permissions of roles', runs), () => {
  it('all runs were of the same roles', () => {
    const roles = new Set(ownRuns().map((run) => JSON.stringify(run.roles)));
    expect(roles.size, 'roles changed between the runs: drop the kept ones and run all again').toBe(1);
  });

  it('each role used what it may do, and was allowed what it did', async ({ annotate }) => {
    const own = ownRuns();
    expect(openGaps(own)).toEqual([]);
    const statements = own[0]!.roles.flatMap((role) => role.statements);
    const justified = findPermissionGaps(own, exceptions).length;
    await annotate(
      `${own[0]!.roles.length} roles, ${statements.length} statements, ${own.length} runs, ${justified} unused with a reason`,
    );
  });

  it('each exception excuses something', () => {
    expect(staleExceptions(findPermissionGaps(ownRuns(), exceptions), exceptions)).toEqual([]);
  });

  it('a statement that nothing uses is found', () => {
    const [first, ...others] = ownRuns();
    const [role, ...roles] = first!.roles;
    const planted = {
      statement: 'planted#0',
      effect: 'Allow' as const,
      actions: ['s3:DeleteBucket'],
      resources: ['*'],
    };
    const changed = { ...role!, statements: [...role!.statements, planted] };
    const name = role!.role.slice(role!.role.lastIndexOf('/') + 1);
    expect(openGaps([{ ...first!, roles: [changed, ...roles] }, ...others])).toEqual([
      { kind: 'unused', role: name, action: 's3:DeleteBucket', statement: 'planted#0' },
    ]);
  });

  it('a permission that is missing is found', () => {
    const broken = theValue(runs).find(({ name }) => name === 'test/integration/missing-permission.test.ts');
    expect(openGaps([...ownRuns(), { ...readRun(broken!.dir), roles: [] }])).toEqual([
      {
        kind: 'missing',
        role: expect.stringContaining('identity-everyhour'),
        action: 'dynamodb:Query',
        resource: expect.stringMatching(/table\/millrace-local-identity\/index\/gsi1$/),
      },
    ]);
  });
});
