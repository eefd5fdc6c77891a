import type * as z from 'zod';
import { AppError } from '#shared/kernel/errors.ts';
import { nearestName } from '#shared/kernel/nearest-name.ts';
import type {
  FeatureServiceVersion,
  FeatureViewVersion,
  listFeatures,
  readFeatureService,
  readFeatureView,
} from '../contract.ts';
import type { DefinedRevision, DefinitionStore, PinningModelStore, ViewStates } from '../ports.ts';

export interface ReadDefinitionsDeps {
  readonly definitions: DefinitionStore;
  readonly models: PinningModelStore;
  readonly states: Pick<ViewStates, 'of'>;
}

/** Everything that the newest revision declares, and how fresh it is online. */
export async function listCatalogue(
  { definitions, states }: ReadDefinitionsDeps,
  { project }: { readonly project: string },
): Promise<z.output<typeof listFeatures.response>> {
  const revision = await definitions.newestRevision(project);
  if (!revision) return { entities: [], featureViews: [], onDemandFeatureViews: [], featureServices: [] };
  const [views, services] = await Promise.all([
    definitions.viewsOf(project),
    definitions.servicesOf(project),
  ]);
  const state = await states.of(
    project,
    views.map(({ version }) => version),
  );
  const about = new Map(revision.services.map((service) => [service.service, service]));
  return {
    projectRevision: revision.projectRevision,
    entities: revision.entities.map((entity) => ({ ...entity, joinKeys: [...entity.joinKeys] })),
    featureViews: views.map(({ version, settings }, index) => ({
      view: version.view,
      version: version.version,
      entities: version.entities,
      source: version.source,
      featureNames: [...version.features, ...version.aggregations].map(({ name }) => name),
      settings,
      state: state[index] ?? {},
    })),
    onDemandFeatureViews: revision.onDemandViews.map((view) => ({ ...view, features: [...view.features] })),
    featureServices: services.map((version) => {
      const { owner, description } = about.get(version.service)!;
      return {
        service: version.service,
        version: version.version,
        views: version.views.map(({ view, version: pinned }) => ({ view, version: pinned })),
        outputs: version.outputs,
        owner,
        ...(description === undefined ? {} : { description }),
      };
    }),
  };
}

/** A version of a view, with all that is known of it. Throws FeatureViewNotFound. */
export async function describeView(
  { definitions, models, states }: ReadDefinitionsDeps,
  {
    project,
    view,
    version,
  }: { readonly project: string; readonly view: string; readonly version?: number | undefined },
): Promise<z.output<typeof readFeatureView.response>> {
  const [revision, versions] = await Promise.all([
    definitions.newestRevision(project),
    definitions.viewVersions(project, view),
  ]);
  const declared = revision?.views.find((each) => each.view === view);
  const number = version ?? declared?.version;
  const found = versions.find((each) => each.version === number);
  const said = declared ?? (found && (await lastSaid(definitions, found)));
  if (!found || !said) throw viewNotFound(project, view, version, versions, revision);
  const [featureServices, [state = {}]] = await Promise.all([
    definitions.servicesOf(project),
    states.of(project, [found]),
  ]);
  const using = featureServices.filter((service) =>
    service.views.some((pinned) => pinned.view === view && pinned.version === found.version),
  );
  return {
    featureView: said.version === found.version ? withDescriptions(found, said.descriptions) : found,
    settings: said.settings,
    state,
    versions: versions.map(({ version: each, createdAt, projectRevision }) => ({
      version: each,
      createdAt,
      projectRevision,
    })),
    usedBy: {
      featureServices: using.map(({ service, version: each }) => ({ service, version: each })),
      models: await modelsOf({ definitions, models }, found),
    },
  };
}

/** Model versions whose feature service version pins this version of a view, whether or not the service is declared still. */
async function modelsOf(
  { definitions, models }: Pick<ReadDefinitionsDeps, 'definitions' | 'models'>,
  { project, view, version }: FeatureViewVersion,
): Promise<{ model: string; modelVersion: number }[]> {
  const ofServices = await Promise.all(
    (await models.services(project)).map(async (service) => {
      const pins = await models.list(project, service);
      const pinned = (await definitions.serviceVersions(project, service)).filter((each) =>
        each.views.some((pin) => pin.view === view && pin.version === version),
      );
      return pins.filter((pin) => pinned.some((each) => each.version === pin.version));
    }),
  );
  return ofServices.flat().map(({ model, modelVersion }) => ({ model, modelVersion }));
}

/** A version of a service, and who keeps it. Throws FeatureServiceNotFound. */
export async function describeService(
  { definitions, models }: Pick<ReadDefinitionsDeps, 'definitions' | 'models'>,
  input: { readonly project: string; readonly service: string; readonly version?: number | undefined },
): Promise<z.output<typeof readFeatureService.response>> {
  const [featureService, versions, pins] = await Promise.all([
    readService(definitions, input),
    definitions.serviceVersions(input.project, input.service),
    models.list(input.project, input.service),
  ]);
  return {
    featureService,
    versions: versions.map(({ version, createdAt }) => ({ version, createdAt })),
    models: pins.map(({ model, modelVersion, version }) => ({ model, modelVersion, version })),
  };
}

/** A version of a service, the newest revision's where none is named. Throws FeatureServiceNotFound. */
export async function readService(
  definitions: DefinitionStore,
  { project, service, version }: { project: string; service: string; version?: number | undefined },
): Promise<FeatureServiceVersion> {
  const found = await definitions.service(project, service, version);
  if (found) return found;
  const revision = await definitions.newestRevision(project);
  const names = (revision?.services ?? []).map((each) => each.service);
  const isKnown = version !== undefined && names.includes(service);
  throw new AppError(
    'not_found',
    'FeatureServiceNotFound',
    isKnown
      ? `Feature service '${service}' of '${project}' has no version ${version}. Read it without a version for those that there are.`
      : `Project '${project}' has no feature service '${service}'${suggested(service, names)}. Declare it under features.featureServices of the project: millrace features apply ${project} features.yaml.`,
  );
}

function viewNotFound(
  project: string,
  view: string,
  version: number | undefined,
  versions: readonly FeatureViewVersion[],
  revision: DefinedRevision | undefined,
): AppError {
  const numbers = versions.map((each) => each.version).join(', ');
  const names = (revision?.views ?? []).map((each) => each.view);
  return new AppError(
    'not_found',
    'FeatureViewNotFound',
    versions.length === 0
      ? `Project '${project}' has no feature view '${view}'${suggested(view, names)}. Declare it under features.featureViews of the project: millrace features apply ${project} features.yaml.`
      : version === undefined
        ? `The newest revision of '${project}' has no feature view '${view}' any more. Ask for one of its versions: ${numbers}.`
        : `Feature view '${view}' of '${project}' has no version ${version}; there are: ${numbers}.`,
  );
}

const suggested = (name: string, names: readonly string[]): string => {
  const nearest = nearestName(name, names);
  if (nearest) return `; did you mean '${nearest}'?`;
  return names.length === 0 ? '' : `; there are: ${names.slice(0, 20).join(', ')}`;
};

const withDescriptions = (
  version: FeatureViewVersion,
  descriptions: Readonly<Record<string, string>>,
): FeatureViewVersion => {
  const described = <Feature extends { name: string; description?: string | undefined }>({
    description: _,
    ...feature
  }: Feature) => ({
    ...feature,
    ...(descriptions[feature.name] === undefined ? {} : { description: descriptions[feature.name]! }),
  });
  return {
    ...version,
    features: version.features.map(described),
    aggregations: version.aggregations.map(described),
  };
};

/** What was said of a view that the newest revision does not declare: the words of the revision that made the version. */
const lastSaid = async (
  definitions: DefinitionStore,
  { project, view, projectRevision }: FeatureViewVersion,
) => (await definitions.revisionAt(project, projectRevision))?.views.find((each) => each.view === view);
