import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditEntries, verifyAuditChain } from '#services/governance/contract.ts';
import { AwsOperator } from './aws.ts';
import { DataLife } from './data-life.ts';
import { deployedUrl, Platform } from './platform.ts';
import { canSeeProcesses, killFirstProcesses } from './processes.ts';

const everythingTwice = { duplicate: 1, delay: 0.5, delayMs: 1500 };
const unreliable = {
  seed: 20_261_128,
  's3-event': everythingTwice,
  bus: everythingTwice,
  stream: everythingTwice,
  throttle: { dynamodb: 0.02, lambda: 0.02 },
};
/** How often each fact of the life of data must stand in the audit log. */
const facts = {
  'ProjectApplied.v1': 2,
  'DatasetVersionCreated.v1': 2,
  'SchemaSuggested.v1': 1,
  'ContractApproved.v1': 1,
  'QuarantineReleased.v1': 1,
  // After the approval, the second upload, the release and the erasure.
  'ValidationCompleted.v1': 4,
  'DatasetDiffRequested.v1': 1,
  'DatasetErasureRequested.v1': 1,
  'DatasetErasureCompleted.v1': 1,
};

/** Lives the life of data and holds it against what must come out, whatever happens meanwhile. */
async function expectRightLife(life: DataLife): Promise<void> {
  expect(await life.live()).toMatchObject({
    quarantined: { verdict: 'Warn', rows: 202, quarantinedRows: 2 },
    released: { rows: 202, quarantinedRows: 0, released: [{ rows: 2 }] },
    diff: { status: 'done', diff: { rowsAdded: 82, rowsRemoved: 0, rowsChanged: 0, rowsUnchanged: 120 } },
    erasure: { status: 'done', rowsErased: 1 },
    cleaned: { rows: 201, quarantinedRows: 0, released: [{ rows: 2 }] },
    versions: [{ datasetVersion: 2 }, { datasetVersion: 1 }],
    revision: 2,
  });
}

/** Each fact once for what happened, in an intact chain. */
async function expectFactsOnce({ journey }: DataLife): Promise<void> {
  const params = { project: journey.project };
  const counted = await journey.eventually('every fact in the audit log', async () => {
    const { items } = await journey.as().call(listAuditEntries, { params, query: { limit: 500 } });
    const counts = Object.groupBy(items, ({ detailType }) => detailType);
    const found = Object.entries(facts).map(
      ([name, expected]) => [name, counts[name]?.length ?? 0, expected] as const,
    );
    const isThere = found.every(([, count, expected]) => count >= expected);
    return isThere ? Object.fromEntries(found) : undefined;
  });
  expect(counted).toEqual(facts);
  expect(await journey.as().call(verifyAuditChain, { params })).toMatchObject({ intact: true });
}

describe.skipIf(deployedUrl)('data whose every event comes twice, late and out of order', () => {
  let platform: Platform;
  let life: DataLife;
  beforeAll(async () => {
    platform = await Platform.startLaptop(unreliable);
    life = new DataLife(platform);
  });
  afterAll(() => platform?.close());

  it('is suggested a contract, checked, released, compared and erased, once each', async () => {
    await expectRightLife(life);
  });

  it('leaves each fact once in the audit log', async () => {
    await expectFactsOnce(life);
  });
});

describe.skipIf(deployedUrl || !canSeeProcesses)(
  'data at which the first process of every function is killed',
  () => {
    let platform: Platform;
    let life: DataLife;
    let killer: ReturnType<typeof killFirstProcesses>;
    beforeAll(async () => {
      platform = await Platform.startLaptop();
      life = new DataLife(platform);
      killer = killFirstProcesses(platform.aws.endpoint);
    });
    afterAll(async () => {
      killer?.stop();
      await platform?.close();
    });

    it('is suggested a contract, checked, released, compared and erased, once each', async () => {
      await expectRightLife(life);
      await expectFactsOnce(life);
    });

    it('whichever of them works on it', async () => {
      const aws = new AwsOperator(platform);
      for (const step of [
        'datasets-on-object-created',
        'datasets-on-dataset-diff-requested',
        'datasets-on-dataset-erasure-requested',
        'projects-on-contract-approved',
        'validation-on-project-applied',
        'validation-on-dataset-version-created',
        'validation-on-dataset-erasure-completed',
        'validation-plan-check',
        'validation-check-rows-small',
      ].map((name) => `millrace-local-${name}`)) {
        expect(killer.killed).toContain(step);
        expect(await aws.count(step, 'Errors'), step).toBeGreaterThanOrEqual(1);
      }
    });
  },
);
