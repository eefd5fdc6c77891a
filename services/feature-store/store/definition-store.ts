import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { collect } from '#shared/kernel/collect.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { featureServiceVersion, featureViewVersion } from '../contract.ts';
import type { DefinedRevision, DefinitionStore, PinningModel, PinningModelStore } from '../ports.ts';
import {
  newestRevisionKey,
  pinKey,
  pinnedKey,
  pinnedPartition,
  pinnedPrefix,
  pinPrefix,
  projectsIndex,
  revisionKey,
  serviceKey,
  servicePartition,
  versionPrefix,
  viewKey,
  viewPartition,
} from './definition-keys.ts';
import { itemKinds, type StoredItems } from './items.ts';

const changed = (what: string): AppError =>
  new AppError(
    'conflict',
    'DefinitionChanged',
    `${what} was defined at the same moment. Read the definitions again and repeat.`,
  );

/** Versions of feature views and feature services, and what revisions of projects declare. */
export function createDefinitionStore(stored: Table): DefinitionStore {
  const table = versionedTable(stored, itemKinds);
  const versionsOf = <Version>(
    pk: string,
    parse: (item: StoredItems['featureView' | 'featureService']) => Version,
  ) =>
    collect(
      everyItem<StoredItems['featureView' | 'featureService']>(table, {
        pk,
        skPrefix: versionPrefix,
        consistent: true,
      }),
    ).then((items) => items.map(parse));
  const store: DefinitionStore = {
    async projects() {
      const items = everyItem<StoredItems['newestRevision']>(table, { pk: projectsIndex, index: 'gsi1' });
      return (await collect(items)).map(({ revision }) => revision.project);
    },
    newestRevision: async (project) =>
      (await table.get<StoredItems['newestRevision']>(newestRevisionKey(project)))?.revision,
    revisionAt: async (project, projectRevision) =>
      (await table.get<StoredItems['featureRevision']>(revisionKey(project, projectRevision)))?.revision,
    async view(project, view, version) {
      const number =
        version ?? (await store.newestRevision(project))?.views.find((each) => each.view === view)?.version;
      if (number === undefined) return undefined;
      const item = await table.get<StoredItems['featureView']>(viewKey(project, view, number));
      return item && featureViewVersion.parse(item.definition);
    },
    async viewsOf(project) {
      const { views = [] } = (await store.newestRevision(project)) ?? {};
      const items = await table.getAll<StoredItems['featureView']>(
        views.map(({ view, version }) => viewKey(project, view, version)),
      );
      const versions = new Map(items.map(({ definition }) => [definition.view, definition]));
      return views.flatMap(({ view, settings }) => {
        const version = versions.get(view);
        return version ? [{ version: featureViewVersion.parse(version), settings }] : [];
      });
    },
    viewVersions: (project, view) =>
      versionsOf(viewPartition(project, view), ({ definition }) => featureViewVersion.parse(definition)),
    async service(project, service, version) {
      const number =
        version ??
        (await store.newestRevision(project))?.services.find((each) => each.service === service)?.version;
      if (number === undefined) return undefined;
      const item = await table.get<StoredItems['featureService']>(serviceKey(project, service, number));
      return item && featureServiceVersion.parse(item.definition);
    },
    async servicesOf(project) {
      const { services = [] } = (await store.newestRevision(project)) ?? {};
      const items = await table.getAll<StoredItems['featureService']>(
        services.map(({ service, version }) => serviceKey(project, service, version)),
      );
      const versions = new Map(items.map(({ definition }) => [definition.service, definition]));
      return services.flatMap(({ service }) => {
        const version = versions.get(service);
        return version ? [featureServiceVersion.parse(version)] : [];
      });
    },
    serviceVersions: (project, service) =>
      versionsOf(servicePartition(project, service), ({ definition }) =>
        featureServiceVersion.parse(definition),
      ),
    addView: (definition) =>
      table.put(
        { ...viewKey(definition.project, definition.view, definition.version), schemaVersion: 1, definition },
        { when: { absent: true }, otherwise: changed(`Feature view '${definition.view}'`) },
      ),
    addService: (definition) =>
      table.put(
        {
          ...serviceKey(definition.project, definition.service, definition.version),
          schemaVersion: 1,
          definition,
        },
        { when: { absent: true }, otherwise: changed(`Feature service '${definition.service}'`) },
      ),
    addRevision: (revision, { newest, isNewest }, { event, consumed }) =>
      table.commit({
        writes: [
          {
            put: { ...revisionKey(revision.project, revision.projectRevision), schemaVersion: 1, revision },
            when: { absent: true },
            otherwise: changed(`Revision ${revision.projectRevision} of '${revision.project}'`),
          },
          ...(isNewest ? [newestWrite(revision, newest)] : []),
        ],
        ...(event ? { events: [event] } : {}),
        ...(consumed ? { consumed } : {}),
      }),
    consume: (consumed) => table.commit({ writes: [], consumed }),
  };
  return store;
}

const newestWrite = (revision: DefinedRevision, before: DefinedRevision | undefined) => ({
  put: {
    ...newestRevisionKey(revision.project),
    schemaVersion: 1,
    projectRevision: revision.projectRevision,
    revision,
    // Projects without views are found by nobody who looks for views to write or to watch.
    ...(revision.views.length > 0 ? { gsi1pk: projectsIndex, gsi1sk: revision.project } : {}),
  },
  when: before ? { equals: { projectRevision: before.projectRevision } } : ({ absent: true } as const),
  otherwise: changed(`Another revision of '${revision.project}'`),
});

const pinnedService = ({ project, service }: PinningModel): StoredItems['pinnedService'] => ({
  ...pinnedKey(project, service),
  schemaVersion: 1,
  project,
  service,
});

/** Which model versions keep which versions of feature services. */
export function createPinningModelStore(stored: Table): PinningModelStore {
  const table = versionedTable(stored, itemKinds);
  return {
    add: (pinning, consumed) =>
      table.commit({
        writes: [
          { put: { ...pinKey(pinning), schemaVersion: 1, ...pinning } },
          { put: pinnedService(pinning) },
        ],
        consumed,
      }),
    async services(project) {
      const items = everyItem<StoredItems['pinnedService']>(table, {
        pk: pinnedPartition(project),
        skPrefix: pinnedPrefix,
      });
      return (await collect(items)).map(({ service }) => service);
    },
    async list(project, service) {
      const pins = everyItem<StoredItems['pin']>(table, {
        pk: servicePartition(project, service),
        skPrefix: pinPrefix,
      });
      return (await collect(pins)).map(({ version, model, modelVersion }) => ({
        project,
        service,
        version,
        model,
        modelVersion,
      }));
    },
  };
}
