import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { EvaluationDataset } from '../domain/evaluation-dataset.ts';
import { parseLossless } from '../domain/lossless-json.ts';
import type { PlacedRecord, RecordBlock } from '../domain/record-blocks.ts';
import type { BlockReference, DatasetState, EvaluationDatasetStore } from '../ports/evaluation-datasets.ts';
import { documentText, indexed, packed, putRevision } from './documents.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** Partitions of the index that share all datasets. */
const shards = 4;
const partition = (shard: number): string => `EVALDATASETS#${shard}`;
const shardOf = (datasetId: string): number => Number.parseInt(sha256Hex(datasetId).slice(0, 4), 16) % shards;

const partitionOf = (datasetId: string): string => `EVALDATASET#${datasetId}`;
const headKey = (datasetId: string): Key => ({ pk: partitionOf(datasetId), sk: 'DATASET' });
const blockKey = (datasetId: string, blockId: string): Key => ({
  pk: partitionOf(datasetId),
  sk: `BLOCK#${blockId}`,
});

interface Document {
  readonly dataset: EvaluationDataset;
  readonly blocks: readonly BlockReference[];
  readonly nextPosition: number;
}

/**
 * Evaluation datasets: `EVALDATASET#<id>` / `DATASET` is the dataset with the list of its blocks, `BLOCK#<blockId>` holds records.
 * A block never changes: a write puts new blocks, then the dataset that lists them on the condition that nobody wrote in between,
 * then takes the blocks away that nothing lists any more. So a write of any size is all or nothing. What a process left behind that
 * died between these goes with its dataset.
 */
export function createEvaluationDatasetStore(stored: Table, ids: IdGenerator): EvaluationDatasetStore {
  const table = versionedTable(stored, itemKinds);
  const putBlock = async (datasetId: string, { blockId, records }: RecordBlock): Promise<BlockReference> => {
    const from = records[0]?.position ?? 0;
    if (blockId !== undefined) return { blockId, from };
    const made = ids.next();
    const item: StoredItems['recordBlock'] = {
      ...blockKey(datasetId, made),
      schemaVersion: 1,
      document: packed(records, `A block of records of ${datasetId}`),
    };
    await table.put(item);
    return { blockId: made, from };
  };
  const dropBlocks = (
    datasetId: string,
    blocks: readonly BlockReference[],
    kept: readonly BlockReference[],
  ) => {
    const keptIds = new Set(kept.map(({ blockId }) => blockId));
    const gone = blocks.filter(({ blockId }) => !keptIds.has(blockId));
    return table.deleteAll(gone.map(({ blockId }) => blockKey(datasetId, blockId)));
  };
  return {
    async read(datasetId) {
      const item = await table.get<StoredItems['evaluationDataset']>(headKey(datasetId));
      return item && stateOf(item);
    },
    async readBlock(datasetId, blockId) {
      const item = await table.get<StoredItems['recordBlock']>(blockKey(datasetId, blockId));
      return item && (parseLossless(documentText(item.document), 'records') as PlacedRecord[]);
    },
    async create(dataset) {
      if (await putRevision(table, itemOf({ dataset, blocks: [], nextPosition: 0 }, 1), 0)) return;
      throw new AppError(
        'already_exists',
        'DatasetExists',
        `The evaluation dataset ${dataset.datasetId} exists.`,
      );
    },
    async replace(before, { dataset, blocks, nextPosition = before.nextPosition }) {
      const { datasetId } = dataset;
      const references = blocks
        ? await Promise.all(blocks.map((block) => putBlock(datasetId, block)))
        : before.blocks;
      const item = itemOf({ dataset, blocks: references, nextPosition }, before.revision + 1);
      const isWritten = await putRevision(table, item, before.revision);
      if (isWritten) await dropBlocks(datasetId, before.blocks, references);
      else await dropBlocks(datasetId, references, before.blocks);
      return isWritten;
    },
    async delete(datasetId) {
      let pageToken: string | undefined;
      do {
        const page = await table.query({ pk: partitionOf(datasetId), ...(pageToken ? { pageToken } : {}) });
        await table.deleteAll(page.items);
        pageToken = page.nextPageToken;
      } while (pageToken);
    },
    async all() {
      const partitions = Array.from({ length: shards }, (_, shard) => partition(shard));
      const items = await indexed<StoredItems['evaluationDataset']>(table, partitions);
      return items.map((item) => stateOf(item).dataset);
    },
  };
}

function itemOf(document: Document, revision: number): StoredItems['evaluationDataset'] {
  const { datasetId, createdAtMs } = document.dataset;
  return {
    pk: partitionOf(datasetId),
    sk: 'DATASET',
    schemaVersion: 1,
    revision,
    document: packed(document, `The evaluation dataset ${datasetId}`),
    gsi1pk: partition(shardOf(datasetId)),
    gsi1sk: `${String(createdAtMs).padStart(16, '0')}#${datasetId}`,
  };
}

function stateOf({ document, revision }: StoredItems['evaluationDataset']): DatasetState {
  return { ...(JSON.parse(documentText(document)) as Document), revision };
}
