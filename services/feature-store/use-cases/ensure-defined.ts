import { FeaturesDefined } from '#events/feature-store.ts';
import {
  type FeatureSurroundings,
  foreignDatasets,
  type ProjectDefinition,
  type ProjectRevision,
} from '#services/projects/contract.ts';
import { causedBy, type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureServiceVersion, FeatureViewVersion } from '../contract.ts';
import { definedRevision } from '../domain/defined-revision.ts';
import { resolveService } from '../domain/service-versions.ts';
import { resolveView } from '../domain/view-versions.ts';
import type { Consumed, DefinedRevision, DefinitionStore, ProjectDefinitions } from '../ports.ts';

export interface EnsureDefinedDeps {
  readonly definitions: DefinitionStore;
  readonly projects: ProjectDefinitions;
  readonly clock: Clock;
}

/** So often it begins again where others define the same things at the same moment. */
const attempts = 5;
/** So many versions are written at the same time. */
const writesAtOnce = 10;

/**
 * Gives numbers to the views and services that a project revision declares, once: whoever comes first, the event of the revision or somebody
 * who needs it before. Undefined where the revision declares no features, and none did before. Each version is kept by itself and the
 * revision last, so that any number of views fits and half of a revision is never seen. Throws ProjectNotFound, RevisionNotFound.
 */
export async function ensureDefined(
  deps: EnsureDefinedDeps,
  project: string,
  projectRevision: number,
  by: { readonly cause?: EventMetadata; readonly consumed?: Consumed } = {},
): Promise<DefinedRevision | undefined> {
  for (let attempt = 1; ; attempt++) {
    const known = await deps.definitions.revisionAt(project, projectRevision);
    if (known) {
      if (by.consumed) await deps.definitions.consume(by.consumed);
      return known;
    }
    try {
      return await define(deps, project, projectRevision, by);
    } catch (error) {
      const isRace = error instanceof AppError && error.code === 'DefinitionChanged';
      if (!isRace || attempt === attempts) throw error;
    }
  }
}

async function define(
  { definitions, projects, clock }: EnsureDefinedDeps,
  project: string,
  projectRevision: number,
  { cause, consumed }: { readonly cause?: EventMetadata; readonly consumed?: Consumed },
): Promise<DefinedRevision | undefined> {
  const [newest, applied] = await Promise.all([
    definitions.newestRevision(project),
    projects.revision(project, projectRevision),
  ]);
  if (!newest && declaresNothing(applied.definition)) {
    if (consumed) await definitions.consume(consumed);
    return undefined;
  }
  const isNewest = !newest || newest.projectRevision < projectRevision;
  const stamp = { createdAt: clock.now().toISOString(), projectRevision };
  const surroundings = await surroundingsOf(projects, applied);
  const views = await defineViews(definitions, surroundings, { stamp, newest, isNewest });
  const services = await defineServices(definitions, surroundings, { stamp, newest, isNewest, views });
  const revision = definedRevision(applied, [...views.values()], services);
  const eventId = `features-${project}-${projectRevision}`;
  const actor = { type: 'service', id: 'feature-store' } as const;
  const own = { eventId, occurredAt: clock.now(), actor };
  const metadata = cause ? causedBy(cause, own) : startingJourney({ ...own, project });
  await definitions.addRevision(
    revision,
    { newest, isNewest },
    {
      event: FeaturesDefined.create(metadata, factOf(revision, [...views.values()], services)),
      ...(consumed ? { consumed } : {}),
    },
  );
  return revision;
}

const declaresNothing = ({ features }: ProjectDefinition): boolean =>
  [features.featureViews, features.featureServices, features.onDemandFeatureViews, features.entities].every(
    (part) => Object.keys(part).length === 0,
  );

/** What the revision's features stand on: its own data, and the newest contracts of the projects whose datasets it names. */
async function surroundingsOf(
  projects: ProjectDefinitions,
  { project, definition }: ProjectRevision,
): Promise<FeatureSurroundings> {
  const { features, data, target } = definition;
  const datasets = await Promise.all(
    foreignDatasets(features, project).map(async (name) => {
      const other = await projects.revision(name);
      return [name, other.definition.data] as const;
    }),
  );
  return { features, project, data, datasets: new Map(datasets), ...(target ? { task: target.task } : {}) };
}

interface Numbering {
  readonly stamp: { readonly createdAt: string; readonly projectRevision: number };
  readonly newest: DefinedRevision | undefined;
  /** A revision that is told of late takes the version that says the same, whichever it is. */
  readonly isNewest: boolean;
}

async function defineViews(
  definitions: DefinitionStore,
  surroundings: FeatureSurroundings,
  numbering: Numbering,
): Promise<ReadonlyMap<string, FeatureViewVersion>> {
  const { project, features } = surroundings;
  const defined = await inGroups(Object.keys(features.featureViews), async (view) => {
    const resolved = resolveView(surroundings, view);
    if (!resolved) return undefined;
    const versions = await definitions.viewVersions(project, view);
    const same = sameVersion(versions, resolved.definitionSha256, numbering);
    if (same) return same;
    const version = { ...resolved, version: versions.length + 1, ...numbering.stamp };
    await definitions.addView(version);
    return version;
  });
  return new Map(defined.flatMap((version) => (version ? [[version.view, version]] : [])));
}

async function defineServices(
  definitions: DefinitionStore,
  surroundings: FeatureSurroundings,
  numbering: Numbering & { readonly views: ReadonlyMap<string, FeatureViewVersion> },
): Promise<readonly FeatureServiceVersion[]> {
  const { project, features } = surroundings;
  const defined = await inGroups(Object.keys(features.featureServices), async (service) => {
    const resolved = resolveService(surroundings, service, numbering.views);
    if (!resolved) return undefined;
    const versions = await definitions.serviceVersions(project, service);
    const same = sameVersion(versions, resolved.definitionSha256, numbering);
    if (same) return same;
    const version = { ...resolved, version: versions.length + 1, ...numbering.stamp };
    await definitions.addService(version);
    return version;
  });
  return defined.filter((version) => version !== undefined);
}

/** The version that says the same: the last one, as another in between is a change back, which is a change. */
const sameVersion = <Version extends { readonly definitionSha256: string }>(
  versions: readonly Version[],
  sha256: string,
  { isNewest }: Numbering,
): Version | undefined =>
  isNewest
    ? versions.slice(-1).find(({ definitionSha256 }) => definitionSha256 === sha256)
    : versions.find(({ definitionSha256 }) => definitionSha256 === sha256);

async function inGroups<Result>(
  names: readonly string[],
  run: (name: string) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < names.length; first += writesAtOnce)
    results.push(...(await Promise.all(names.slice(first, first + writesAtOnce).map(run))));
  return results;
}

function factOf(
  { project, projectRevision }: DefinedRevision,
  views: readonly FeatureViewVersion[],
  services: readonly FeatureServiceVersion[],
) {
  const isNew = (version: { readonly projectRevision: number }) =>
    version.projectRevision === projectRevision;
  return {
    project,
    projectRevision,
    views: views.map((version) => ({
      view: version.view,
      version: version.version,
      isNew: isNew(version),
      ...(version.source.type === 'dataset' ? { dataset: version.source.dataset } : {}),
    })),
    services: services.map((version) => ({
      service: version.service,
      version: version.version,
      isNew: isNew(version),
      views: version.views.map(({ view, version: pinned }) => ({ view, version: pinned })),
    })),
  };
}
