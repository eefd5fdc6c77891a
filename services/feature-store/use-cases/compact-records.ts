import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { recordColumns } from '../domain/record-values.ts';
import { isStreamView } from '../domain/stream-records.ts';
import type { DefinitionStore, MergeRecords, RecordFile, RecordFiles } from '../ports.ts';

export interface CompactRecordsDeps {
  readonly definitions: Pick<DefinitionStore, 'projects' | 'viewsOf' | 'viewVersions'>;
  readonly files: RecordFiles;
  readonly merge: MergeRecords;
  readonly removeObjects: (uris: readonly string[]) => Promise<void>;
  readonly clock: Clock;
}

/** Files that are younger may still get company. */
const restMs = 10_000;
/** Files of one transaction: those that go, and the one that comes. */
const filesAtOnce = 90;

/**
 * Puts the small files of each stream view together, by day, into Parquet. What is put together is removed an hour later, by the next
 * call, so that nobody who listed files before loses them. Answers how many files were put together. A call that stops half-way is
 * mended by the next.
 */
export async function compactRecords(deps: CompactRecordsDeps): Promise<number> {
  let compacted = 0;
  for (const project of await deps.definitions.projects()) {
    for (const { version } of await deps.definitions.viewsOf(project))
      if (isStreamView(version)) compacted += await compactView(deps, project, version.view);
  }
  return compacted;
}

async function compactView(deps: CompactRecordsDeps, project: string, view: string): Promise<number> {
  const files = await deps.files.list(project, view);
  for (const file of files) await removeReplaced(deps, file);
  const before = new Date(deps.clock.now().getTime() - restMs).toISOString();
  const due = files.filter(({ format, lastAvailableAt }) => format === 'jsonl' && lastAvailableAt < before);
  if (due.length === 0) return 0;
  const columns = columnsOf(await deps.definitions.viewVersions(project, view));
  const byDay = Map.groupBy(due, ({ firstAvailableAt }) => firstAvailableAt.slice(0, 10));
  let compacted = 0;
  for (const ofDay of byDay.values()) {
    for (let from = 0; from < ofDay.length; from += filesAtOnce)
      compacted += await compactFiles(deps, ofDay.slice(from, from + filesAtOnce), columns);
  }
  return compacted;
}

async function removeReplaced({ files, removeObjects }: CompactRecordsDeps, file: RecordFile): Promise<void> {
  if (!file.replaces) return;
  await removeObjects(file.replaces);
  await files.settle(file);
}

async function compactFiles(
  { files, merge }: CompactRecordsDeps,
  gone: readonly RecordFile[],
  columns: readonly string[],
): Promise<number> {
  const [{ project, view, firstAvailableAt }] = gone as [RecordFile];
  try {
    const merged = await merge(gone, columns);
    await files.replace(gone, {
      project,
      view,
      ...merged,
      format: 'parquet',
      firstAvailableAt,
      lastAvailableAt: gone.map((file) => file.lastAvailableAt).reduce((a, b) => (a > b ? a : b)),
      replaces: gone.map(({ object }) => object.uri),
    });
    return gone.length;
  } catch (error) {
    // An erasure was at the same files: the next call takes what there is then.
    if (error instanceof AppError && ['RecordFilesChanged', 'ObjectGone'].includes(error.code)) return 0;
    throw error;
  }
}

/** Every column that a record of any version can have. */
const columnsOf = (versions: readonly FeatureViewVersion[]): string[] => [
  ...new Set([
    ...Object.values(recordColumns),
    ...versions
      .filter(isStreamView)
      .flatMap(({ joinKeys, source }) => [
        ...joinKeys.map(({ name }) => name),
        source.eventTimestamp,
        ...Object.keys(source.columns),
      ]),
  ]),
];
