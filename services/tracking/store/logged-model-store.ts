import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { LoggedModel, ModelMetric } from '../domain/logged-model.ts';
import type { Erasure } from '../ports/erasure.ts';
import type { LoggedModelStore } from '../ports/logged-models.ts';
import { documentText, indexed, packed, putRevision } from './documents.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** Partitions of the index that share the models of an experiment: one takes 1,000 writes a second. */
const shards = 4;

const partition = (experimentId: string, shard: number): string => `LOGGEDMODELS#${experimentId}#${shard}`;
/** Where the index has the models of an experiment. */
const partitionsOf = (experimentId: string): string[] =>
  Array.from({ length: shards }, (_, shard) => partition(experimentId, shard));
const shardOf = (modelId: string): number => Number.parseInt(sha256Hex(modelId).slice(0, 4), 16) % shards;

export const loggedModelKey = (modelId: string): Key => ({
  pk: `LOGGEDMODEL#${modelId}`,
  sk: 'LOGGEDMODEL',
});

/** Logged models, one item each: `LOGGEDMODEL#<id>` / `LOGGEDMODEL`; in the index by experiment and time. */
export function createLoggedModelStore(stored: Table): LoggedModelStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async read(modelId) {
      const item = await table.get<StoredItems['loggedModel']>(loggedModelKey(modelId));
      return item && { value: modelOf(item), revision: item.revision };
    },
    write: (model, before) =>
      putRevision(table, itemOf(model, (before?.revision ?? 0) + 1), before?.revision ?? 0),
    async ofExperiments(experimentIds) {
      const partitions = experimentIds.flatMap(partitionsOf);
      return (await indexed<StoredItems['loggedModel']>(table, partitions)).map(modelOf);
    },
  };
}

/** Removes the models of an experiment for good; their files are the experiment's. */
export const loggedModelErasure = (table: Table, experimentId: string): Erasure => ({
  async erase(most) {
    let removed = 0;
    for (const pk of partitionsOf(experimentId)) {
      if (removed === most) break;
      const { items } = await table.query({ pk, index: 'gsi1', limit: most - removed });
      await table.deleteAll(items);
      removed += items.length;
    }
    return removed;
  },
});

function itemOf(model: LoggedModel, revision: number): StoredItems['loggedModel'] {
  const { modelId, experimentId, project, lifecycleStage, createdAtMs } = model;
  return {
    ...loggedModelKey(modelId),
    schemaVersion: 1,
    experimentId,
    project,
    lifecycleStage,
    revision,
    document: packed(model, `The logged model ${modelId}`),
    gsi1pk: partition(experimentId, shardOf(modelId)),
    gsi1sk: `${String(createdAtMs).padStart(16, '0')}#${modelId}`,
  };
}

/** JSON has no NaN: it is written as null. */
function modelOf({ document }: StoredItems['loggedModel']): LoggedModel {
  const model = JSON.parse(documentText(document)) as LoggedModel;
  const metrics = model.metrics.map((metric) => ({
    ...metric,
    value: (metric.value as number | null) ?? Number.NaN,
  })) satisfies ModelMetric[];
  return { ...model, metrics };
}
