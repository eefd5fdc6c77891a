import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import type { ConsumerStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { modelKey, modelPrefix, projectKey, servingKey, servingPrefix } from './keys.ts';

/** Model versions of projects and which of them serve: the service's own projection of what registry and deployment publish. */
export function createConsumerStore(stored: Table): ConsumerStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async saveVersion(version, consumed) {
      const key = modelKey(version.project, version.model, version.modelVersion);
      await table.commit({ writes: [{ put: { ...key, schemaVersion: 1, ...version } }], consumed });
    },
    async saveServing(serving, consumed) {
      const key = servingKey(serving.project, serving.model);
      const known = await table.get<StoredItems['serving']>(key);
      const isOlder = known !== undefined && known.at > serving.at;
      await table.commit({
        writes: isOlder
          ? []
          : [
              {
                put: { ...key, schemaVersion: 1, ...serving },
                when: known ? { equals: { at: known.at } } : { absent: true },
              },
            ],
        consumed,
      });
    },
    async list(project) {
      const pk = projectKey(project);
      const serving = new Map<string, number | undefined>();
      for await (const item of everyItem<StoredItems['serving']>(table, { pk, skPrefix: servingPrefix }))
        serving.set(item.model, item.modelVersion);
      const versions = [];
      for await (const item of everyItem<StoredItems['model']>(table, { pk, skPrefix: modelPrefix })) {
        const { model, modelVersion, features, target } = item;
        const serves = serving.get(model) === modelVersion;
        versions.push({ project, model, modelVersion, features, target, serving: serves });
      }
      return versions;
    },
  };
}
