import type * as z from 'zod';
import { contractOf } from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { decodePageToken, encodePageToken, invalidPageToken } from '#shared/kernel/paging.ts';
import type { listQuarantine as endpoint, releaseQuarantine } from '../contract.ts';
import { sensitiveColumns } from '../domain/contract-of.ts';
import { releaseObstacle } from '../domain/releasable.ts';
import type {
  Datasets,
  Documents,
  Projects,
  QuarantineRows,
  ValidationRecord,
  ValidationStore,
} from '../ports.ts';
import { readVersion, rowsGone } from './checked-version.ts';
import { type RequestCheckDeps, requestCheck } from './request-check.ts';

export interface QuarantineDeps extends RequestCheckDeps {
  readonly store: ValidationStore;
  readonly documents: Documents;
  readonly projects: Projects;
  readonly datasets: Datasets;
  readonly rows: QuarantineRows;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

interface Version {
  readonly project: string;
  readonly datasetVersion: number;
}

/** Rows of a version in quarantine, a page at a time, and which of them came again and passed. Throws ValidationNotFound, DatasetVersionGone. */
export async function listQuarantine(
  deps: QuarantineDeps,
  { project, datasetVersion }: Version,
  { limit, check, pageToken }: z.output<typeof endpoint.query>,
): Promise<z.input<typeof endpoint.response>> {
  const offset = offsetOf(pageToken);
  const { record, report } = await readVersion(deps, { project, datasetVersion });
  const { quarantine } = report;
  if (!quarantine) return { quarantinedRows: 0, repairedRows: 0, items: [] };
  if (record.expiredAt) throw rowsGone(record);
  const [checkedUnder, newest] = await Promise.all([
    deps.projects.revision(project, report.projectRevision),
    deps.projects.revision(project),
  ]);
  const page = await deps.rows.read({
    quarantine,
    offset,
    limit,
    check,
    masked: [checkedUnder, newest].flatMap((revision) => sensitiveColumns(contractOf(revision.definition))),
    repairs: await repairsOf(deps, record, checkedUnder.definition.data.primaryKey),
  });
  const repairs = await repairedVersions(deps, record, page.items);
  const next = offset + page.items.length;
  return {
    quarantinedRows: page.quarantinedRows,
    repairedRows: page.repairedRows,
    items: page.items.map(({ repairedAt, ...item }) => {
      const repairedIn = repairedAt === undefined ? undefined : repairs(repairedAt);
      return { ...item, ...(repairedIn === undefined ? {} : { repairedIn }) };
    }),
    ...(next < page.matchingRows ? { nextPageToken: encodePageToken({ offset: next }) } : {}),
  };
}

/** The newest rows that passed, of this version or a later one: what was repaired is among them. */
async function repairsOf(
  { store, documents, datasets }: QuarantineDeps,
  { project, datasetVersion }: ValidationRecord,
  primaryKey: string,
) {
  const newest = await store.newestTrainable(project);
  if (!newest || newest.datasetVersion < datasetVersion) return undefined;
  const { validated } = await documents.readReport(newest.report);
  if (!validated) return undefined;
  const version = await datasets.version(project, datasetVersion);
  const { objects } = await datasets.manifest(version.manifest);
  const uploads = objects.map(({ sha256, availableAt }) => ({ sha256, availableAt }));
  return { primaryKey, validated, uploads };
}

/** Which version brought rows that the platform came to know at a time: the first whose newest rows are not older. */
async function repairedVersions(
  { store }: QuarantineDeps,
  { project, datasetVersion }: ValidationRecord,
  items: readonly { readonly repairedAt?: string | undefined }[],
): Promise<(at: string) => number | undefined> {
  const versions: { version: number; at: number }[] = [];
  if (items.some(({ repairedAt }) => repairedAt !== undefined)) {
    for await (const later of store.from(project, datasetVersion))
      if (later.newestRowsAt)
        versions.push({ version: later.datasetVersion, at: Date.parse(later.newestRowsAt) });
  }
  return (at) => versions.find((version) => version.at >= Date.parse(at))?.version;
}

function offsetOf(pageToken: string | undefined): number {
  if (pageToken === undefined) return 0;
  const { offset } = (decodePageToken(pageToken) ?? {}) as { offset?: unknown };
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0)
    throw invalidPageToken(pageToken);
  return offset;
}

/**
 * Asks for the version to be checked again with rows let out of quarantine. Throws ValidationNotFound, NothingQuarantined,
 * NotReleasable, DatasetVersionGone.
 */
export async function release(
  deps: QuarantineDeps,
  { project, datasetVersion }: Version,
  { checks, reason }: z.output<typeof releaseQuarantine.body>,
  releasedBy: string,
): Promise<z.input<typeof releaseQuarantine.response>> {
  const { record, report } = await readVersion(deps, { project, datasetVersion });
  if (report.quarantinedRows === 0)
    throw new AppError(
      'precondition_failed',
      'NothingQuarantined',
      `Dataset version ${datasetVersion} of '${project}' has no rows in quarantine.`,
    );
  if (record.expiredAt) throw rowsGone(record);
  const { definition } = await deps.projects.revision(project, report.projectRevision);
  const obstacle = releaseObstacle(report, checks, definition.data.primaryKey);
  if (obstacle) throw new AppError('precondition_failed', 'NotReleasable', obstacle);
  const releaseId = deps.ids.next();
  const now = deps.clock.now();
  const releasedAt = now.toISOString();
  const actor = { type: 'user', id: releasedBy } as const;
  await requestCheck(deps, {
    checkId: releaseId,
    project,
    datasetVersion,
    occasion: 'release',
    requestedAt: releasedAt,
    cause: record.journey ?? startingJourney({ eventId: releaseId, occurredAt: now, project, actor }),
    projectRevision: report.projectRevision,
    release: { releaseId, checks, releasedBy, releasedAt, reason },
  });
  return { releaseId, status: 'running' };
}
