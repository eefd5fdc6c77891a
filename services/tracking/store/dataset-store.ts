import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Item, Key, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { contextOf, type Dataset, type DatasetInput, datasetKey } from '../domain/dataset.ts';
import type { DatasetStore, LargeTexts } from '../ports/dataset-store.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { datasetsPartition, describedPrefix, usedPrefix } from './keys.ts';
import { isWritten } from './run-store.ts';

/** Descriptions that are longer, deflated, lie in S3: an item has 409,600 bytes at most. */
const maxItemBytes = 300_000;

const hashOf = (dataset: Pick<Dataset, 'name' | 'digest'>): string =>
  sha256Hex(datasetKey(dataset)).slice(0, 32);

export function createDatasetStore(stored: Table, texts: LargeTexts): DatasetStore {
  const table = versionedTable(stored, itemKinds);
  const putOnce = (item: Item): Promise<boolean> =>
    isWritten('DatasetExists', () => table.put(item, { when: { absent: true }, otherwise: datasetExists() }));
  const described = async (experimentId: string, dataset: Dataset): Promise<Item> => {
    const { name, digest, ...description } = dataset;
    const packed = deflateRawSync(JSON.stringify(description));
    const key = describedKey(experimentId, dataset);
    const isLarge = packed.byteLength > maxItemBytes;
    return {
      ...key,
      schemaVersion: 1,
      name,
      digest,
      ...(isLarge
        ? { uri: await texts.put(`${experimentId}/${hashOf(dataset)}.json`, JSON.stringify(description)) }
        : { description: packed }),
    } satisfies StoredItems['dataset'];
  };
  const save = async (experimentId: string, { dataset, tags }: DatasetInput): Promise<void> => {
    const used = usedItem(experimentId, dataset, contextOf(tags));
    if (!(await table.get(describedKey(experimentId, dataset))))
      await putOnce(await described(experimentId, dataset));
    await putOnce(used);
  };
  return {
    async save(experimentId, inputs) {
      for (const input of inputs) await save(experimentId, input);
    },
    async readAll(wanted) {
      const keys = wanted.map(({ experimentId, ...dataset }) => describedKey(experimentId, dataset));
      const distinct = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
      const items = await table.getAll<StoredItems['dataset']>(distinct);
      return Promise.all(
        items.map(async ({ pk, name, digest, description, uri }) => {
          const text = description ? inflateRawSync(description).toString('utf8') : await texts.get(uri!);
          const rest = JSON.parse(text) as Omit<Dataset, 'name' | 'digest'>;
          return { experimentId: pk.slice(datasetsPartition('').length), name, digest, ...rest };
        }),
      );
    },
    async summaries(experimentId, most) {
      const page = await table.query<StoredItems['datasetUse']>({
        pk: datasetsPartition(experimentId),
        skPrefix: usedPrefix,
        limit: most,
      });
      return page.items.map(({ name, digest, context }) => ({
        experimentId,
        name,
        digest,
        ...(context === undefined ? {} : { context }),
      }));
    },
  };
}

const describedKey = (experimentId: string, dataset: Pick<Dataset, 'name' | 'digest'>): Key => ({
  pk: datasetsPartition(experimentId),
  sk: `${describedPrefix}${hashOf(dataset)}`,
});

function usedItem(experimentId: string, dataset: Dataset, context: string | undefined): Item {
  const { name, digest } = dataset;
  const use = context === undefined ? 'NONE' : sha256Hex(context).slice(0, 16);
  return {
    pk: datasetsPartition(experimentId),
    sk: `${usedPrefix}${hashOf(dataset)}#${use}`,
    schemaVersion: 1,
    name,
    digest,
    ...(context === undefined ? {} : { context }),
  } satisfies StoredItems['datasetUse'];
}

/** Never leaves this file: the first description of a dataset stays. */
const datasetExists = (): AppError =>
  new AppError('already_exists', 'DatasetExists', 'The dataset is described already.');
