import type * as z from 'zod';
import type { DatasetVersionCreated } from '#events/datasets.ts';
import { ValidationCompleted } from '#events/validation.ts';
import type { DatasetManifest } from '#services/datasets/contract.ts';
import type { ProjectRevision } from '#services/projects/contract.ts';
import { causedBy, type DomainEvent } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ValidationReport } from '../contract.ts';
import {
  type CheckResult,
  columnChecks,
  rowCheckResult,
  rowChecksOf,
  rowCountChecks,
} from '../domain/checks.ts';
import { findingsOf, verdictOf } from '../domain/verdict.ts';
import type { CheckedRows, Manifests, Projects, RowChecker, ValidationStore, WriteReport } from '../ports.ts';

export interface ValidateVersionDeps {
  readonly projects: Projects;
  readonly manifests: Manifests;
  readonly checker: RowChecker;
  readonly writeReport: WriteReport;
  readonly store: ValidationStore;
  readonly clock: Clock;
}

/** A version of more bytes than a function's disk can hold three times (objects, database, result) is not validated. */
export const maxVersionBytes = 3_000_000_000;

type CreatedEvent = DomainEvent<z.infer<typeof DatasetVersionCreated.data>>;
type Outcome = Pick<
  ValidationReport,
  'verdict' | 'rows' | 'validRows' | 'quarantinedRows' | 'checks' | 'validated' | 'quarantine'
>;

/** Checks a dataset version against its project's contract and publishes the verdict. A version is validated once. */
export async function validateVersion(deps: ValidateVersionDeps, event: CreatedEvent): Promise<void> {
  const { metadata, data } = event.detail;
  const { project, datasetVersion } = data;
  if (await deps.store.find(project, datasetVersion)) return;
  const [revision, manifest] = await Promise.all([
    deps.projects.revision(project, data.projectRevision),
    deps.manifests.read(data.manifest),
  ]);
  const outcome = await checkVersion(deps.checker, manifest, revision);
  const now = deps.clock.now();
  const base = { project, datasetVersion, projectRevision: revision.revision, ...outcome };
  const report = await deps.writeReport({ ...base, validatedAt: now.toISOString() });
  const { checks, ...summary } = base;
  const completed = ValidationCompleted.create(
    causedBy(metadata, {
      eventId: `${metadata.eventId}-validated`,
      occurredAt: now,
      actor: { type: 'service', id: 'validation' },
    }),
    { ...summary, report, findings: findingsOf(checks) },
  );
  await deps.store.save(
    { project, datasetVersion, verdict: outcome.verdict, report },
    completed,
    metadata.eventId,
  );
}

async function checkVersion(
  checker: RowChecker,
  manifest: DatasetManifest,
  { definition }: ProjectRevision,
): Promise<Outcome> {
  const ofColumns = columnChecks(
    definition,
    manifest.columns.map(({ name }) => name),
  );
  const bytes = manifest.objects.reduce((sum, object) => sum + object.bytes, 0);
  if (bytes > maxVersionBytes) {
    const expected = `at most ${maxVersionBytes} bytes in all; upload with data.uploads: replace, in smaller parts`;
    return unreadable(manifest, ofColumns, `${bytes} bytes`, expected);
  }
  const checks = rowChecksOf(definition);
  try {
    return await checker.withCheckedRows({ manifest, definition, checks }, async (checked) => {
      const ofRows = checks.map((check, index) => rowCheckResult(check, checked.failingRows[index] ?? 0));
      return keepRows(checked, [...ofColumns, ...rowCountChecks(definition, checked), ...ofRows]);
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ContentChanged') throw error;
    return unreadable(manifest, ofColumns, error.message, 'objects as they were stored');
  }
}

async function keepRows(checked: CheckedRows, checks: CheckResult[]): Promise<Outcome> {
  const verdict = verdictOf(checks);
  const quarantinedRows = checked.rows - checked.validRows;
  const quarantine = quarantinedRows > 0 ? await checked.keepQuarantined() : undefined;
  const validated = verdict === 'Fail' ? undefined : await checked.keepValid();
  return {
    verdict,
    rows: checked.rows,
    validRows: checked.validRows,
    quarantinedRows,
    checks,
    ...(validated ? { validated } : {}),
    ...(quarantine ? { quarantine } : {}),
  };
}

function unreadable(
  manifest: DatasetManifest,
  others: readonly CheckResult[],
  observed: string,
  expected: string,
): Outcome {
  const readable: CheckResult = {
    check: 'readable',
    severity: 'error',
    passed: false,
    observed,
    expected,
    failingRows: 0,
  };
  return {
    verdict: 'Fail',
    rows: manifest.objects.reduce((sum, { rows }) => sum + rows, 0),
    validRows: 0,
    quarantinedRows: 0,
    checks: [readable, ...others],
  };
}
