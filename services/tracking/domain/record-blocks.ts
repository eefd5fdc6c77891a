import { AppError } from '#shared/kernel/errors.ts';
import { type DatasetRecord, mergedRecord, newRecord, type SentRecord } from './evaluation-dataset.ts';

/** A record with its place in the dataset: records stay in the order in which they came. */
export interface PlacedRecord extends DatasetRecord {
  readonly position: number;
}

/** Records that are stored together. One without an id is new, or was changed, and is to be written. */
export interface RecordBlock {
  readonly blockId?: string | undefined;
  readonly records: readonly PlacedRecord[];
}

/** A block of so much JSON fits into an item, however badly it deflates. */
const maxBlockCharacters = 300_000;
/** A write looks at all records: so much is read in a second. */
const maxBlocks = 100;

export interface UpsertedRecords {
  readonly blocks: readonly RecordBlock[];
  readonly nextPosition: number;
  readonly inserted: number;
  readonly updated: number;
}

/** Merges records into those with the same inputs, and appends the others. Throws DatasetFull, RecordTooBig. */
export function withRecords(
  blocks: readonly RecordBlock[],
  sent: readonly SentRecord[],
  nextPosition: number,
  nowMs: number,
): UpsertedRecords {
  const before = new Map(
    blocks.flatMap(({ records }) => records.map((record) => [record.recordId, record] as const)),
  );
  const written = new Map<string, PlacedRecord>();
  const added: string[] = [];
  let position = nextPosition;
  for (const record of sent) {
    const known = written.get(record.recordId) ?? before.get(record.recordId);
    if (!known) added.push(record.recordId);
    written.set(
      record.recordId,
      known
        ? { ...mergedRecord(known, record, nowMs), position: known.position }
        : { ...newRecord(record, nowMs), position: position++ },
    );
  }
  const changed = blocks.map((block) => {
    if (!block.records.some(({ recordId }) => written.has(recordId))) return block;
    return { records: block.records.map((record) => written.get(record.recordId) ?? record) };
  });
  return {
    blocks: appended(
      changed,
      added.map((recordId) => written.get(recordId)!),
    ),
    nextPosition: position,
    inserted: added.length,
    updated: sent.length - added.length,
  };
}

/** The blocks without these records; empty ones are gone. */
export function withoutRecords(
  blocks: readonly RecordBlock[],
  recordIds: ReadonlySet<string>,
): { readonly blocks: readonly RecordBlock[]; readonly deleted: number } {
  let deleted = 0;
  const left = blocks.map((block) => {
    const records = block.records.filter(({ recordId }) => !recordIds.has(recordId));
    deleted += block.records.length - records.length;
    return records.length === block.records.length ? block : { records };
  });
  return { blocks: left.filter(({ records }) => records.length > 0), deleted };
}

/** Puts records behind the others; what is written is split where it became too big. */
function appended(blocks: readonly RecordBlock[], records: readonly PlacedRecord[]): RecordBlock[] {
  const last = blocks.at(-1);
  const hasRoom =
    last !== undefined && records.length > 0 && charactersOf(last.records) < maxBlockCharacters / 2;
  const all = hasRoom
    ? [...blocks.slice(0, -1), { records: [...last.records, ...records] }]
    : [...blocks, ...(records.length > 0 ? [{ records }] : [])];
  const split = all.flatMap((block) => (block.blockId === undefined ? splitBlock(block.records) : [block]));
  if (split.length <= maxBlocks) return split;
  throw new AppError(
    'invalid_input',
    'DatasetFull',
    `An evaluation dataset holds about ${(maxBlocks * maxBlockCharacters) / 1e6} MB of records, and this would be more. Make a second dataset, or log long texts as artifacts.`,
  );
}

function splitBlock(records: readonly PlacedRecord[]): RecordBlock[] {
  const blocks: PlacedRecord[][] = [];
  let left = 0;
  for (const [index, record] of records.entries()) {
    const characters = JSON.stringify(record).length;
    if (characters > maxBlockCharacters) throw recordTooBig(index, characters);
    if (blocks.length === 0 || characters > left) {
      blocks.push([]);
      left = maxBlockCharacters;
    }
    blocks.at(-1)?.push(record);
    left -= characters;
  }
  return blocks.map((part) => ({ records: part }));
}

const charactersOf = (records: readonly PlacedRecord[]): number =>
  records.reduce((sum, record) => sum + JSON.stringify(record).length, 0);

const recordTooBig = (index: number, characters: number): AppError =>
  new AppError(
    'invalid_input',
    'RecordTooBig',
    `A record takes ${characters} characters of JSON; ${maxBlockCharacters} are allowed (record ${index} of its block). Log long texts as artifacts, and name them in the record.`,
  );
