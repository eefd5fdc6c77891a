import { describe, expect, it } from 'vitest';
import { DatasetVersionCreated } from '#events/datasets.ts';
import { ValidationCompleted } from '#events/validation.ts';
import type { DatasetManifest } from '#services/datasets/contract.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import { type DomainEvent, startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { ValidationReport } from '../contract.ts';
import type { CheckedRows, ValidationRecord } from '../ports.ts';
import { readValidation } from './read-validation.ts';
import { validateVersion } from './validate-version.ts';

const definition = projectDefinition.parse({
  name: 'wine',
  owners: ['ada'],
  data: {
    primaryKey: 'id',
    columns: { id: { type: 'string' }, x: { type: 'number' }, y: { type: 'integer' } },
    checks: { minRows: 10, maxQuarantinedShare: 0.1 },
  },
  target: { column: 'y', task: 'regression' },
});
const object = { uri: 's3://data/o', sha256: 'a'.repeat(64), bytes: 100 };
const manifest: DatasetManifest = {
  schemaVersion: 2,
  project: 'wine',
  columns: ['id', 'x', 'y'].map((name) => ({ name, type: 'string' })),
  objects: [
    {
      ...object,
      rows: 100,
      availableAt: '2026-01-01T00:00:00.000Z',
      reading: { format: 'parquet' },
      path: 'rows.parquet',
    },
  ],
};

function setUp(rows: { rows: number; validRows: number } | Error, changed: Partial<DatasetManifest> = {}) {
  const reports = new Map<string, ValidationReport>();
  const records: ValidationRecord[] = [];
  const events: DomainEvent[] = [];
  const kept: string[] = [];
  const find = async (project: string, version: number) =>
    records.find((record) => record.project === project && record.datasetVersion === version);
  const deps = {
    projects: {
      revision: async (project: string, revision: number) => ({
        project,
        revision,
        definition,
        definitionSha256: digestOf(definition),
        appliedAt: '2026-01-01T00:00:00.000Z',
        appliedBy: 'ada',
      }),
    },
    manifests: { read: async () => ({ ...manifest, ...changed }) },
    checker: {
      withCheckedRows: async <R>(
        version: { checks: readonly unknown[] },
        run: (checked: CheckedRows) => Promise<R>,
      ) => {
        if (rows instanceof Error) throw rows;
        const keep = (what: string) => async () => {
          kept.push(what);
          return { ...object, uri: `s3://data/${what}` };
        };
        return run({
          ...rows,
          failingRows: version.checks.map((_, index) => (index === 0 ? rows.rows - rows.validRows : 0)),
          keepValid: keep('valid'),
          keepQuarantined: keep('quarantine'),
        });
      },
    },
    writeReport: async (report: ValidationReport) => {
      const sha256 = digestOf(report);
      reports.set(sha256, report);
      return { uri: `s3://data/${sha256}`, sha256, bytes: 1 };
    },
    readReport: async ({ sha256 }: { sha256: string }) => reports.get(sha256)!,
    store: {
      find,
      newestTrainable: async () => records.findLast(({ verdict }) => ['Pass', 'Warn'].includes(verdict)),
      save: async (record: ValidationRecord, event: DomainEvent) => {
        records.push(record);
        events.push(event);
      },
    },
    clock: manualClock('2026-01-02T00:00:00.000Z'),
  };
  const validate = (datasetVersion = 1) =>
    validateVersion(
      deps,
      DatasetVersionCreated.create(
        startingJourney({
          eventId: `upload-${datasetVersion}`,
          occurredAt: new Date(0),
          project: 'wine',
          actor: { type: 'user', id: 'ada' },
        }),
        {
          project: 'wine',
          datasetVersion,
          contentSha256: object.sha256,
          manifest: object,
          rows: 100,
          bytes: 100,
          columns: manifest.columns,
          source: { bucket: 'uploads', key: 'incoming/wine/a.csv' },
          projectRevision: 1,
        },
      ),
    );
  const completed = (event: DomainEvent) =>
    ValidationCompleted.parse({ source: event.source, 'detail-type': event.detailType, detail: event.detail })
      .detail;
  return { deps, events, kept, validate, completed };
}

describe('validating a version', () => {
  it.each([
    ['Pass', { rows: 100, validRows: 100 }, ['valid'], []],
    ['Warn', { rows: 100, validRows: 90 }, ['quarantine', 'valid'], ['not_null']],
    ['Fail', { rows: 100, validRows: 89 }, ['quarantine'], ['quarantined_share', 'not_null']],
    ['InsufficientData', { rows: 9, validRows: 9 }, ['valid'], ['min_rows']],
    ['Fail', { rows: 9, validRows: 0 }, ['quarantine'], ['quarantined_share', 'not_null', 'min_rows']],
  ])('answers %s for %o', async (verdict, rows, kept, findings) => {
    const run = setUp(rows);
    await run.validate();
    const { data, metadata } = run.completed(run.events[0]!);
    expect(data.verdict).toBe(verdict);
    expect(run.kept).toEqual(kept);
    expect(data.findings.map(({ check }) => check)).toEqual(findings);
    expect(metadata).toMatchObject({
      eventId: 'upload-1-validated',
      causationId: 'upload-1',
      correlationId: 'upload-1',
    });
  });

  it('fails a version without a column that must be there', async () => {
    const run = setUp({ rows: 100, validRows: 100 }, { columns: manifest.columns.slice(1) });
    await run.validate();
    expect(run.completed(run.events[0]!).data).toMatchObject({
      verdict: 'Fail',
      findings: [{ check: 'column_present', column: 'id', severity: 'error' }],
    });
  });

  it('fails a version whose objects are no longer what was recorded', async () => {
    const run = setUp(new AppError('precondition_failed', 'ContentChanged', 'The object was replaced.'));
    await run.validate();
    expect(run.completed(run.events[0]!).data).toMatchObject({
      verdict: 'Fail',
      findings: [{ check: 'readable' }],
    });
  });

  it('fails a version that is too large to be read, without trying', async () => {
    const run = setUp(new Error('must not be called'), {
      objects: [{ ...manifest.objects[0]!, bytes: 4_000_000_000 }],
    });
    await run.validate();
    expect(run.completed(run.events[0]!).data.findings[0]?.observed).toBe('4000000000 bytes');
  });

  it('leaves it to a later try when storage cannot be reached', async () => {
    const run = setUp(new AppError('unavailable', 'ObjectUnreadable', 'S3 sent no body.'));
    await expect(run.validate()).rejects.toThrow('S3 sent no body.');
    expect(run.events).toEqual([]);
  });

  it('validates a version once', async () => {
    const run = setUp({ rows: 100, validRows: 100 });
    await run.validate();
    await run.validate();
    expect(run.events).toHaveLength(1);
  });
});

describe('reading a validation', () => {
  it('finds the newest version that may be trained on', async () => {
    const run = setUp({ rows: 100, validRows: 95 });
    await run.validate(1);
    await run.validate(2);
    expect((await readValidation(run.deps, { project: 'wine' })).datasetVersion).toBe(2);
  });

  it.each([
    [{ project: 'wine' }, /Upload data/],
    [{ project: 'wine', datasetVersion: 7 }, /Dataset version 7 of 'wine'/],
  ])('says what there is not: %o', async (input, message) => {
    await expect(readValidation(setUp({ rows: 9, validRows: 9 }).deps, input)).rejects.toThrow(message);
  });
});
