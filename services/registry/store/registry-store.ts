import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Item, Table } from '#shared/aws/table.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { RegistryStore } from '../ports.ts';
import { aliasWrites } from './alias-writes.ts';
import { everyItem } from './every.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { modelKey, modelPk, movePrefix, trainingKey, versionKey } from './keys.ts';
import { atRevision, modelChanged, modelWrite } from './model-store.ts';
import { newEntryWrites } from './version-store.ts';

const pageSize = 50;

/** What trainings register and releases move. */
export function createRegistryStore(stored: Table): RegistryStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async versionOfTraining(trainingId) {
      return (await table.get<StoredItems['training']>(trainingKey(trainingId)))?.modelVersion;
    },
    async saveVersion(before, after, version, entry, move, events) {
      const otherwise = modelChanged(before);
      const { modelId, name } = before;
      const { modelVersion, trainingId } = version;
      await table.commit({
        writes: [
          modelWrite(before, after),
          {
            put: { ...versionKey(modelId, modelVersion), schemaVersion: 1, version },
            when: { absent: true },
            otherwise,
          },
          {
            put: { ...trainingKey(trainingId), schemaVersion: 1, model: name, modelVersion },
            when: { absent: true },
            otherwise,
          },
          ...newEntryWrites(entry, otherwise),
          ...aliasWrites(modelId, move, String(modelVersion), otherwise),
        ],
        events,
      });
    },
    async readVersion(modelId, modelVersion) {
      return (await table.get<StoredItems['version']>(versionKey(modelId, modelVersion)))?.version;
    },
    async versionsBetween(modelId, first, last) {
      const items = await everyItem<StoredItems['version']>(table, {
        pk: modelPk(modelId),
        skBetween: [versionKey(modelId, first).sk, versionKey(modelId, last).sk],
        consistent: true,
      });
      return items.map(({ version }) => version);
    },
    async hasTrainedVersions(modelId) {
      const { items } = await table.query({
        pk: modelPk(modelId),
        skPrefix: 'VERSION#',
        limit: 1,
        consistent: true,
      });
      return items.length > 0;
    },
    async readAliases(modelId) {
      const items = await everyItem<StoredItems['alias']>(table, {
        pk: modelPk(modelId),
        skPrefix: 'ALIAS#',
        consistent: true,
      });
      return Object.fromEntries(items.map(({ alias, modelVersion }) => [alias, modelVersion]));
    },
    async moveAlias(model, move, events) {
      const [event] = events;
      const moveId = event?.detail.metadata.eventId ?? String(move.toVersion ?? 0);
      const otherwise = modelChanged(model);
      await table.commit({
        writes: [
          // Whoever deletes the version or the model meanwhile finds the model changed.
          {
            update: modelKey(model.modelId),
            set: { revision: model.revision + 1 },
            when: atRevision(model),
            otherwise,
          },
          ...aliasWrites(model.modelId, move, moveId, otherwise),
        ],
        events,
      });
    },
    async listAliasMoves(modelId, alias, pageToken) {
      const page = await list<StoredItems['aliasMove']>(table, modelId, movePrefix(alias), pageToken);
      return { ...page, items: page.items.map(({ move }) => move) };
    },
    async aliasMoveAt(modelId, alias, time) {
      const { items } = await table.query<StoredItems['aliasMove']>({
        pk: modelPk(modelId),
        // The end lies behind every move of that moment: what follows the time there begins with `#`.
        skBetween: [movePrefix(alias), `${movePrefix(alias)}${time}$`],
        newestFirst: true,
        limit: 1,
        consistent: true,
      });
      return items[0]?.move;
    },
  };
}

function list<T extends Item>(
  table: Table,
  modelId: string,
  skPrefix: string,
  pageToken: string | undefined,
): Promise<Page<T>> {
  return table.query<T>({
    pk: modelPk(modelId),
    skPrefix,
    newestFirst: true,
    limit: pageSize,
    ...(pageToken ? { pageToken } : {}),
  });
}
