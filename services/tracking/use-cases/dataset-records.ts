import type { Caller } from '#shared/contracts/caller.ts';
import { decodePageToken, encodePageToken, invalidPageToken, type Page } from '#shared/kernel/paging.ts';
import { datasetDigest, type SentRecord, userOf, widenedSchema } from '../domain/evaluation-dataset.ts';
import { type PlacedRecord, type RecordBlock, withoutRecords, withRecords } from '../domain/record-blocks.ts';
import type { DatasetState } from '../ports/evaluation-datasets.ts';
import { changeDataset, type EvaluationDatasetDeps, readEvaluationDataset } from './evaluation-datasets.ts';

/** Lambda answers with 6 MB at most, and records travel as a text in a text. */
const maxAnswerCharacters = 3_500_000;

/**
 * Merges records into a dataset by their inputs, all or none. Throws DatasetNotFound, RoleMissing, DatasetFull, RecordTooBig.
 */
export async function upsertRecords(
  deps: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
  sent: readonly SentRecord[],
): Promise<{ readonly inserted: number; readonly updated: number }> {
  let counts = { inserted: 0, updated: 0 };
  await changeDataset(deps, caller, datasetId, async (state) => {
    const blocks = await blocksOf(deps, state);
    if (!blocks) return undefined;
    const now = deps.clock.now().getTime();
    const { dataset } = state;
    const result = withRecords(blocks, sent, state.nextPosition, now);
    counts = { inserted: result.inserted, updated: result.updated };
    return {
      blocks: result.blocks,
      nextPosition: result.nextPosition,
      dataset: {
        ...dataset,
        schema: widenedSchema(dataset.schema, sent),
        recordCount: dataset.recordCount + result.inserted,
        digest: datasetDigest(dataset.name, now),
        updatedAtMs: now,
        updatedBy: sent.map(({ tags }) => userOf(tags)).findLast((user) => user !== undefined),
      },
    };
  });
  return counts;
}

/** Says how many were deleted; those that are not there count nothing. Throws DatasetNotFound, RoleMissing. */
export async function deleteRecords(
  deps: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
  recordIds: readonly string[],
): Promise<number> {
  let deletedCount = 0;
  await changeDataset(deps, caller, datasetId, async (state) => {
    const before = await blocksOf(deps, state);
    if (!before) return undefined;
    const { blocks, deleted } = withoutRecords(before, new Set(recordIds));
    deletedCount = deleted;
    return {
      blocks,
      dataset: { ...state.dataset, recordCount: state.dataset.recordCount - deleted },
    };
  });
  return deletedCount;
}

/** Records in the order in which they came. Throws DatasetNotFound, InvalidPageToken. */
export async function readRecords(
  deps: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
  { maxResults, pageToken }: { maxResults: number; pageToken?: string | undefined },
): Promise<Page<PlacedRecord>> {
  const after = pageToken ? positionIn(pageToken, datasetId) : -1;
  for (;;) {
    const state = await readEvaluationDataset(deps, caller, datasetId);
    const page = await pageAfter(deps, state, after, maxResults);
    if (page) return page;
  }
}

/** Undefined where a block was replaced meanwhile: the dataset is to be read again. */
async function pageAfter(
  { evaluationDatasets }: EvaluationDatasetDeps,
  { dataset, blocks }: DatasetState,
  after: number,
  maxResults: number,
): Promise<Page<PlacedRecord> | undefined> {
  const records: PlacedRecord[] = [];
  let characters = 0;
  for (const [index, { blockId }] of blocks.entries()) {
    const following = blocks[index + 1];
    if (following && following.from <= after + 1) continue;
    const block = await evaluationDatasets.readBlock(dataset.datasetId, blockId);
    if (!block) return undefined;
    for (const record of block) {
      if (record.position <= after) continue;
      characters += JSON.stringify(record).length;
      const last = records.at(-1);
      if (last && (records.length === maxResults || characters > maxAnswerCharacters)) {
        return { items: records, nextPageToken: encodePageToken([dataset.datasetId, last.position]) };
      }
      records.push(record);
    }
  }
  return { items: records };
}

function positionIn(pageToken: string, datasetId: string): number {
  const decoded = decodePageToken(pageToken);
  if (!Array.isArray(decoded) || decoded[0] !== datasetId || !Number.isSafeInteger(decoded[1])) {
    throw invalidPageToken(pageToken);
  }
  return decoded[1];
}

async function blocksOf(
  { evaluationDatasets }: EvaluationDatasetDeps,
  { dataset, blocks }: DatasetState,
): Promise<RecordBlock[] | undefined> {
  const read = await Promise.all(
    blocks.map(async ({ blockId }) => {
      const records = await evaluationDatasets.readBlock(dataset.datasetId, blockId);
      return records && { blockId, records };
    }),
  );
  const found = read.filter((block) => block !== undefined);
  return found.length === read.length ? found : undefined;
}
