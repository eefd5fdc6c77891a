import type { DatasetManifest } from '#services/datasets/contract.ts';
import { contractOf, type ProjectRevision } from '#services/projects/contract.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { ValidationReport } from '../contract.ts';
import type { CheckPlan } from '../domain/check-plan.ts';
import { hasColumns } from '../domain/contract-of.ts';
import { comparisonsOf, lookupsOf, type OtherVersionKey } from '../domain/other-versions.ts';
import { estimateNeeds } from '../domain/sizing.ts';
import type {
  CheckRequest,
  Datasets,
  Documents,
  Projects,
  ValidationRecord,
  ValidationStore,
} from '../ports.ts';

export interface PlanCheckDeps {
  readonly projects: Projects;
  readonly datasets: Datasets;
  readonly documents: Documents;
  readonly store: ValidationStore;
}

type OtherVersions = CheckPlan['check']['lookups'];

/** Gathers all that decides the outcome of a check: contract, objects, other versions that rows are held against, releases. */
export async function planCheck(deps: PlanCheckDeps, request: CheckRequest): Promise<CheckPlan> {
  const { project, datasetVersion } = request;
  const record = await deps.store.find(project, datasetVersion);
  const before = record && (await deps.documents.readReport(record.report));
  const [revision, manifest] = await Promise.all([
    revisionFor(deps, request, before),
    manifestOf(deps, request),
  ]);
  const contract = contractOf(revision.definition);
  const [lookups, comparisons] = await Promise.all([
    othersOf(deps, lookupsOf(contract), datasetVersion),
    othersOf(deps, comparisonsOf(contract, project), datasetVersion),
  ]);
  const columns = manifest.columns.map(({ name }) => name);
  const others = [...Object.values(lookups), ...Object.values(comparisons)].map(({ validated }) => validated);
  const releases = releasesOf(request, before);
  return {
    schemaVersion: 1,
    check: {
      project,
      datasetVersion,
      contract,
      columns,
      objects: manifest.objects,
      lookups,
      comparisons,
      released: releasedChecks(releases),
    },
    projectRevision: revision.revision,
    contractSha256: digestOf(contract),
    ...(revision.definition.target ? { target: revision.definition.target.column } : {}),
    ...newestRows(manifest),
    releases,
    releasedBefore: Object.fromEntries(
      (before?.released ?? []).map(({ releaseId, rows }) => [releaseId, rows]),
    ),
    needs: estimateNeeds(manifest.objects, columns.length, others),
  };
}

/** Data that came before there was a contract is checked by the first that there is. */
async function revisionFor(
  { projects }: PlanCheckDeps,
  { project, projectRevision }: CheckRequest,
  before: ValidationReport | undefined,
): Promise<ProjectRevision> {
  const asked = await projects.revision(project, projectRevision ?? before?.projectRevision);
  return hasColumns(asked) ? asked : projects.revision(project);
}

/** As the version is now: an erasure since the request has replaced its manifest and deleted the one before. */
async function manifestOf(
  { datasets }: PlanCheckDeps,
  { project, datasetVersion }: CheckRequest,
): Promise<DatasetManifest> {
  return datasets.manifest((await datasets.version(project, datasetVersion)).manifest);
}

async function othersOf(
  { store, documents }: PlanCheckDeps,
  keys: Readonly<Record<string, OtherVersionKey>>,
  datasetVersion: number,
): Promise<OtherVersions> {
  const found = await Promise.all(
    Object.entries(keys).map(async ([name, { project, which }]) => {
      const record = await recordOf(store, project, which, datasetVersion);
      const report = record && !record.expiredAt ? await documents.readReport(record.report) : undefined;
      if (!report?.validated) return [];
      const { validated, rows } = report;
      return [[name, { project, datasetVersion: report.datasetVersion, rows, validated }] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

function recordOf(
  store: ValidationStore,
  project: string,
  which: OtherVersionKey['which'],
  datasetVersion: number,
): Promise<ValidationRecord | undefined> {
  if (which === 'newest') return store.newestTrainable(project);
  if (which === 'previous') return store.newestTrainable(project, datasetVersion);
  return which === 'first' ? firstBefore(store, project, datasetVersion) : store.find(project, which);
}

/** The first version has nothing to be compared with. */
async function firstBefore(store: ValidationStore, project: string, datasetVersion: number) {
  const first = await store.oldestTrainable(project);
  return first && first.datasetVersion < datasetVersion ? first : undefined;
}

/** What people released of the version stays released whenever it is checked again, until there is another contract. */
function releasesOf({ occasion, release }: CheckRequest, before: ValidationReport | undefined) {
  const earlier = occasion === 'contract' ? [] : (before?.released ?? []);
  const kept = earlier.map(({ rows: _rows, ...of }) => of);
  return release ? [...kept, { ...release, checks: [...release.checks] }] : kept;
}

const releasedChecks = (releases: CheckPlan['releases']): string[] => [
  ...new Set(releases.flatMap(({ checks }) => (checks.length === 0 ? ['*'] : checks))),
];

function newestRows({ objects }: DatasetManifest): { newestRowsAt?: string } {
  const times = objects.map(({ availableAt }) => availableAt).sort();
  const newest = times.at(-1);
  return newest === undefined ? {} : { newestRowsAt: newest };
}
