import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { listUploads, requestErasure } from '#services/datasets/contract.ts';
import { listJourneys } from '#services/governance/contract.ts';
import { applyContract, applyProject, type DataContract, readProject } from '#services/projects/contract.ts';
import {
  decideContractSuggestion,
  listContractSuggestions,
  listQuarantine,
  previewContract,
  readContractSuggestion,
  readProfile,
  readValidation,
  releaseQuarantine,
  type ValidationReport,
} from '#services/validation/contract.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

/** A data set's life under a contract that its first file suggested. What has more than 60 KB of text is checked by Processing jobs. */
const platform = new RunningPlatform({
  assemble: assemblyOfStage('local', { functionCheckMaxBytes: 60_000 }),
  templates: 'local',
});
const project = 'people';
const grace: Caller = { id: 'grace', grants: [{ project, role: 'approver' }] };
const scientist: Caller = { id: 'sam', grants: [{ project, role: 'scientist' }] };

const projectFile = `name: ${project}
owners: [ada]
data: { primaryKey: customer }
target: { column: churned, task: binary_classification }
training: { onNewData: never }
`;
const header = 'customer;age;income;mail;since;churned';
interface Row {
  readonly id: number;
  readonly age?: number | string;
}
/** As somebody exports it: semicolons, NA for missing numbers, German dates. */
const lineOf = ({ id, age = 20 + (id % 60) }: Row): string => {
  const income = id % 4 === 0 ? 'NA' : String(200.5 + (id % 50) * 10);
  const day = String(1 + (id % 28)).padStart(2, '0');
  return [
    `c${String(id).padStart(5, '0')}`,
    age,
    income,
    `user${id}@example.com`,
    `${day}.03.2025`,
    id % 2,
  ].join(';');
};
const file = (rows: readonly Row[]): string => `${[header, ...rows.map(lineOf)].join('\n')}\n`;
const rowsFrom = (first: number, count: number): Row[] =>
  Array.from({ length: count }, (_none, n) => ({ id: first + n }));

beforeAll(async () => {
  await platform.start();
  await platform.call(applyProject, { params: { project }, body: projectFile });
});
afterAll(() => platform.close());

/** Uploads rows and answers the number of the version that they became. */
async function upload(name: string, rows: readonly Row[]): Promise<number> {
  const key = `incoming/${project}/${name}`;
  await platform.upload(key, file(rows));
  return platform.eventually(`a version of ${name}`, async () => {
    const { body } = await platform.call(listUploads, { params: { project } });
    return body.items.find((item) => item.key === key)?.datasetVersion;
  });
}
const reportOf = (datasetVersion: number, is: (report: ValidationReport) => boolean = () => true) =>
  platform.eventually(`the report on version ${datasetVersion}`, async () => {
    const { status, body } = await platform.call(readValidation, { params: { project, datasetVersion } });
    return status === 200 && is(body) ? body : undefined;
  });
async function quarantineOf(datasetVersion: number, query: Record<string, string> = {}) {
  const params = { project, datasetVersion };
  const { status, body, problem } = await platform.call(listQuarantine, { params, query, as: scientist });
  expect(status, JSON.stringify(problem)).toBe(200);
  return body;
}
const suggestionWaiting = () =>
  platform.eventually('a suggestion', async () => {
    const { body } = await platform.call(listContractSuggestions, { params: { project } });
    return body.items.find(({ status }) => status === 'waiting');
  });
const journeyWith = (summary: RegExp) =>
  platform.eventually(`a journey that says ${summary}`, async () => {
    const { body } = await platform.call(listJourneys, { params: { project } });
    return body.items.find(({ steps }) => steps.some((step) => summary.test(step.summary)));
  });

describe('the first file of a project without a contract', () => {
  let contract: DataContract;

  it('gets a suggestion with the evidence for its lines, and its journey waits for a person', async () => {
    expect(await upload('first.csv', rowsFrom(0, 300))).toBe(1);
    const { suggestionId } = await suggestionWaiting();
    const { body } = await platform.call(readContractSuggestion, { params: { project, suggestionId } });
    ({ contract } = body.suggestion);
    expect(contract).toMatchObject({
      primaryKey: 'customer',
      missingValues: ['NA'],
      columns: {
        age: { type: 'integer' },
        income: { type: 'number', nullable: true },
        mail: { sensitive: true },
        since: { type: 'timestamp', format: '%d.%m.%Y' },
        churned: { allowed: [0, 1] },
      },
    });
    expect(body.suggestion.evidence.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['columns.age.min', 'columns.income.nullable', 'missingValues']),
    );
    expect(await journeyWith(/waits for a contract/)).toMatchObject({
      status: 'waiting',
      waitingFor: { kind: 'contract', suggestionId },
    });
  });

  it('is not checked by a contract that does not fit the project', async () => {
    const { suggestionId } = await suggestionWaiting();
    const { churned: _target, ...columns } = contract.columns;
    const body = { decision: 'approve', comment: 'No.', contract: { ...contract, columns } };
    const params = { project, suggestionId };
    const { status, problem } = await platform.call(decideContractSuggestion, { params, body, as: grace });
    expect([status, problem.code]).toEqual([400, 'InvalidContract']);
  });

  it('is checked by the contract that a person edited and approved, as its journey tells', async () => {
    const { suggestionId } = await suggestionWaiting();
    const edited = {
      ...contract,
      columns: { ...contract.columns, age: { ...contract.columns['age'], min: 0, max: 120 } },
      checks: { ...contract.checks, maxQuarantinedShare: 0.2 },
      // Every version is held against the one before.
      rules: [{ check: 'distribution', column: 'age', method: 'ks', max: 0.9, severity: 'warn' }],
    };
    const body = { decision: 'approve', comment: 'Nobody is older.', contract: edited };
    const params = { project, suggestionId };
    const { body: head } = await platform.call(decideContractSuggestion, { params, body, as: grace });
    expect(head).toMatchObject({ status: 'approved', decidedBy: 'grace' });
    expect(await reportOf(1)).toMatchObject({ verdict: 'Pass', occasion: 'contract', projectRevision: 2 });
    const { body: revision } = await platform.call(readProject, { params: { project } });
    expect(revision).toMatchObject({ revision: 2, appliedBy: 'grace' });
    expect(Object.keys(revision.definition.data.columns)).toEqual(Object.keys(contract.columns));
    const journey = await journeyWith(/approved after editing by grace: Nobody is older/);
    expect(journey.steps.find(({ step }) => step === 'validation')).toMatchObject({ status: 'done' });
  });
});

describe('rows that break the contract', () => {
  it('go to quarantine while the others go on; people see them masked', async () => {
    const rows = [...rowsFrom(1000, 98), { id: 2000, age: -5 }, { id: 2001, age: 'x' }];
    expect(await upload('second.csv', rows)).toBe(2);
    expect(await reportOf(2)).toMatchObject({ verdict: 'Warn', rows: 400, quarantinedRows: 2 });
    const page = await quarantineOf(2, { check: 'range:age' });
    expect(page).toMatchObject({
      quarantinedRows: 2,
      repairedRows: 0,
      items: [{ row: 99, values: { customer: 'c02000', age: '-5', mail: '•••' } }],
    });
    expect(page.items).toHaveLength(1);
  });

  it('are not shown to viewers', async () => {
    const viewer: Caller = { id: 'vic', grants: [{ project, role: 'viewer' }] };
    const params = { project, datasetVersion: 2 };
    expect((await platform.call(listQuarantine, { params, as: viewer })).status).toBe(403);
  });

  it('are repaired by a new upload', async () => {
    expect(await upload('repair.csv', [{ id: 2001, age: 41 }, ...rowsFrom(3000, 20)])).toBe(3);
    await reportOf(3);
    const { repairedRows, items } = await quarantineOf(2);
    expect(repairedRows).toBe(1);
    expect(items.map(({ values, repairedIn }) => [values['customer'], repairedIn])).toEqual([
      ['c02000', undefined],
      ['c02001', 3],
    ]);
  });

  it('are let out by an approver, who gives the reason', async () => {
    const params = { project, datasetVersion: 3 };
    const ask = (checks: string[], as: Caller) =>
      platform.call(releaseQuarantine, { params, body: { checks, reason: 'A newborn.' }, as });
    expect((await ask(['range'], scientist)).status).toBe(403);
    expect((await ask(['type'], grace)).problem.code).toBe('NotReleasable');
    const { status, body } = await ask(['range:age'], grace);
    expect(status).toBe(202);
    const report = await reportOf(3, ({ occasion }) => occasion === 'release');
    expect(report).toMatchObject({
      verdict: 'Warn',
      quarantinedRows: 1,
      released: [
        {
          releaseId: body.releaseId,
          rows: 1,
          checks: ['range:age'],
          releasedBy: 'grace',
          reason: 'A newborn.',
        },
      ],
    });
    await journeyWith(/1 row released by grace: A newborn/);
  });

  it('fail a version where they are too many, with rows that show it', async () => {
    const rows = Array.from({ length: 200 }, (_none, n) => ({ id: 5000 + n, age: 300 }));
    expect(await upload('third.csv', rows)).toBe(4);
    const report = await reportOf(4);
    expect(report.verdict).toBe('Fail');
    expect(report.validated).toBeUndefined();
    const range = report.checks.find(({ check, column }) => check === 'range' && column === 'age');
    expect(range?.samples?.map(({ age }) => age)).toContain('300');
    const journey = await journeyWith(/Fail: /);
    expect(journey.status).toBe('failed');
  });
});

describe('a file too big for a function', () => {
  it('is checked by a Processing job, with the same outcome', async () => {
    expect(await upload('big.csv', [...rowsFrom(10_000, 3000), { id: 20_000, age: 'many' }])).toBe(5);
    const report = await reportOf(5);
    expect(report).toMatchObject({ verdict: 'Warn', rows: 3622, engine: { kind: 'processing_job' } });
    expect(
      (await quarantineOf(5, { check: 'type:age' })).items.map(({ values }) => values['customer']),
    ).toContain('c20000');
    const { body } = await platform.call(readProfile, {
      params: { project, datasetVersion: 5 },
      query: { against: '1' },
    });
    expect(body.columns.find(({ name }) => name === 'mail')).not.toHaveProperty('topValues');
    expect(body.against?.changes.map(({ name }) => name)).toContain('age');
  });
});

describe('a changed contract', () => {
  it('is told what it would change, before it is applied', async () => {
    const { body: revision } = await platform.call(readProject, { params: { project } });
    const { primaryKey, columns, missingValues, checks, rules } = revision.definition.data;
    const narrower = {
      primaryKey,
      missingValues,
      checks,
      rules,
      columns: { ...columns, age: { ...columns['age'], max: 60 } },
    };
    const { body } = await platform.call(previewContract, { params: { project }, body: narrower });
    expect(body).toMatchObject({
      againstRevision: 2,
      breaking: true,
      changes: [{ path: 'columns.age.max', change: 'narrowed', before: '120', after: '60' }],
    });
  });

  it('that is applied checks the version again that the one before had failed', async () => {
    const rows = Array.from({ length: 2000 }, (_none, n) => ({ id: 30_000 + n, age: 130 }));
    expect(await upload('old-people.csv', rows)).toBe(6);
    expect(await reportOf(6)).toMatchObject({ verdict: 'Fail', occasion: 'upload' });
    const { body: revision } = await platform.call(readProject, { params: { project } });
    const { primaryKey, columns, missingValues, checks, rules } = revision.definition.data;
    const wider = { ...columns, age: { ...columns['age'], max: 320 } };
    const body = stringify({ primaryKey, missingValues, checks, rules, columns: wider });
    const { status } = await platform.call(applyContract, { params: { project }, body });
    expect(status).toBe(200);
    const report = await reportOf(6, ({ occasion }) => occasion === 'contract');
    expect(report).toMatchObject({ verdict: 'Warn', projectRevision: 3 });
  });
});

describe('rows of somebody who is to be forgotten', () => {
  const s3 = () => {
    const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
    return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  };
  const Bucket = () => platform.runtime.endpoints.buckets.data;
  const keysOf = async (Prefix: string) =>
    ((await s3().send(new ListObjectVersionsCommand({ Bucket: Bucket(), Prefix }))).Versions ?? []).map(
      ({ Key }) => Key!,
    );

  it('leave every version checked anew, with what was released; what they suggested is gone', async () => {
    const { body: suggestions } = await platform.call(listContractSuggestions, { params: { project } });
    const body = { primaryKeys: ['c00005'], reason: 'Asked by letter.' };
    expect((await platform.call(requestErasure, { params: { project }, body })).status).toBe(202);
    const isAfter = ({ occasion }: ValidationReport) => occasion === 'erasure';
    const reports = await Promise.all([1, 2, 3, 4, 5, 6].map((version) => reportOf(version, isAfter)));
    expect(reports.map(({ rows, verdict }) => [rows, verdict])).toEqual([
      [299, 'Pass'],
      [399, 'Warn'],
      [420, 'Warn'],
      [620, 'Fail'],
      [3621, 'Warn'],
      [5621, 'Warn'],
    ]);
    expect(reports[2]).toMatchObject({ quarantinedRows: 1, released: [{ rows: 1, checks: ['range:age'] }] });
    const params = { project, suggestionId: suggestions.items.at(-1)!.suggestionId };
    const code = await platform.eventually('the end of what was suggested', async () => {
      const { status, problem } = await platform.call(readContractSuggestion, { params });
      expect([200, 404]).toContain(status);
      return status === 404 ? problem.code : undefined;
    });
    expect(code).toBe('SuggestionErased');
  });

  it('are in no copy that validation keeps, and nothing is trained for that', async () => {
    const before = await keysOf(`validation/${project}/00000002/`);
    expect(before.length).toBeGreaterThan(3);
    const body = { primaryKeys: ['c02000', 'c01000'], reason: 'Asked by letter.' };
    expect((await platform.call(requestErasure, { params: { project }, body })).status).toBe(202);
    const report = await reportOf(2, ({ rows }) => rows < 399);
    expect(report).toMatchObject({ rows: 397, quarantinedRows: 1, occasion: 'erasure' });
    const kept = await platform.eventually('the end of the old copies', async () => {
      const keys = await keysOf(`validation/${project}/00000002/`);
      return keys.some((key) => before.includes(key)) ? undefined : keys;
    });
    expect(kept.length).toBeGreaterThanOrEqual(3);
    expect((await quarantineOf(2)).items.map(({ values }) => values['customer'])).toEqual(['c02001']);
    const { body: journeys } = await platform.call(listJourneys, { params: { project } });
    expect(journeys.items.filter(({ cause }) => cause.startsWith('Validation'))).toEqual([]);
  });
});
