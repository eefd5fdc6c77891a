import type { ObjectVersions } from '#shared/contracts/object-versions.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { parseMicroseconds } from '#shared/kernel/microseconds.ts';
import { recordFileKey } from '../domain/record-values.ts';
import type {
  FeatureErasureRecord,
  FeatureErasureStore,
  LandingRecord,
  RecordFile,
  RecordFiles,
  ViewStates,
} from '../ports.ts';
import { type ForgetRecordsDeps, forgetRecords } from './forget-records.ts';

export interface LandRecordsDeps extends ForgetRecordsDeps {
  readonly files: Pick<RecordFiles, 'add' | 'remove'>;
  /** Writes JSON lines under a key of the data bucket. */
  readonly write: (key: string, lines: readonly string[]) => Promise<StoredObject>;
  readonly objects: ObjectVersions;
  readonly states: Pick<ViewStates, 'grow'>;
  readonly erasures: Pick<FeatureErasureStore, 'since'>;
  readonly clock: Clock;
}

/** The table's stream keeps a record for a day. */
const onTheirWayMs = 2 * 86_400_000;

/**
 * Writes records that came off the stream together as one file per view, then names the files in the index and notes how fresh the views
 * are. A file's name follows from its records: a batch that is delivered again writes its files again. One that is delivered in other
 * parts lands twice, which its readers see by the records' ids.
 */
export async function landRecords(deps: LandRecordsDeps, records: readonly LandingRecord[]): Promise<void> {
  const byView = Map.groupBy(records, ({ project, view }) => `${project}/${view}`);
  await Promise.all([...byView.values()].map((own) => landView(deps, own.toSorted(byArrival))));
}

/** Records of a view, in the order that they came. */
type Batch = readonly LandingRecord[];

/**
 * The stream may hand over what an erasure went past: records that it saw in no file yet, and such that are handed over again. An erasure
 * lists files after it made itself known; whoever asks after naming his file misses none.
 */
async function landView(deps: LandRecordsDeps, batch: Batch): Promise<void> {
  const { project } = batch[0]!;
  const since = new Date(deps.clock.now().getTime() - onTheirWayMs).toISOString();
  let erasures: readonly FeatureErasureRecord[] = [];
  let known: readonly FeatureErasureRecord[] = await deps.erasures.since(project, since);
  let kept: Batch;
  do {
    erasures = known;
    kept = await forgetRecords(deps, batch, erasures);
    await landFile(deps, batch, kept);
    known = await deps.erasures.since(project, since);
  } while (known.some(({ erasureId }) => !erasures.some((seen) => seen.erasureId === erasureId)));
  await noteNewest(deps, kept);
}

/** The same file of a batch whatever is kept of it; none where nothing is. */
async function landFile(
  { files, write, objects }: LandRecordsDeps,
  batch: Batch,
  kept: Batch,
): Promise<void> {
  const [{ project, view, availableAt }, last] = [batch[0]!, batch.at(-1)!];
  const name = `${digestOf(batch.map(({ recordId }) => recordId)).slice(0, 32)}.jsonl`;
  const object = await write(
    recordFileKey(project, view, availableAt, name),
    kept.map(({ line }) => line),
  );
  const file: RecordFile = {
    project,
    view,
    object,
    format: 'jsonl',
    firstAvailableAt: availableAt,
    lastAvailableAt: last.availableAt,
    rows: kept.length,
  };
  if (kept.length > 0) await files.add([file]);
  else await files.remove(file);
  if (kept.length === batch.length) return;
  const versions = await objects.list([object.uri]);
  await objects.remove(versions.filter(({ isLatest }) => kept.length === 0 || !isLatest));
}

/** Once per batch, as many records of one view may come at once. */
async function noteNewest({ states }: LandRecordsDeps, kept: Batch): Promise<void> {
  for (const [version, records] of Map.groupBy(kept, ({ viewVersion }) => viewVersion)) {
    const { project, view } = records[0]!;
    const newest = Math.max(...records.map(({ eventAt }) => parseMicroseconds(eventAt)!));
    await states.grow({ project, view, version }, newest);
  }
}

function byArrival(a: LandingRecord, b: LandingRecord): number {
  const [left, right] = [a, b].map(({ availableAt, recordId }) => `${sortable(availableAt)}/${recordId}`);
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}

/** Times with three and with six digits as texts that compare as they do. */
const sortable = (time: string): string => time.replace(/Z$/, '').padEnd(26, '0');
