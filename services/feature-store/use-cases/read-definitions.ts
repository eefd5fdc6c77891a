import type * as z from 'zod';
import type { FeatureViewVersion, listFeatures, readFeatureService, readFeatureView } from '../contract.ts';
import type { DefinitionStore, PinningModelStore, ViewStates } from '../ports.ts';
import { readService, viewNotFound } from './find-definition.ts';

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
