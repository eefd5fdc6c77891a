import type { StoredObject } from '#shared/contracts/parts.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { recordFileKey } from '../domain/record-values.ts';
import type { LandingRecord, RecordFile, RecordFiles, StreamStates } from '../ports.ts';

export interface LandRecordsDeps {
  readonly files: Pick<RecordFiles, 'add'>;
  readonly states: StreamStates;
  /** Writes JSON lines under a key of the data bucket. */
  readonly write: (key: string, lines: readonly string[]) => Promise<StoredObject>;
}

/**
 * Writes records that came off the stream together as one file per view, then names the files in the index, and notes how new they are. A file's name follows from its
 * records: a batch that is delivered again writes its files again. One that is delivered in other parts lands twice, which its readers
 * see by the records' ids.
 */
export async function landRecords(
  { files, states, write }: LandRecordsDeps,
  records: readonly LandingRecord[],
): Promise<void> {
  const byView = Map.groupBy(records, ({ project, view }) => `${project}/${view}`);
  const landed = await Promise.all(
    [...byView.values()].map(async (own): Promise<RecordFile> => {
      const sorted = own.toSorted(byArrival);
      const [first, last] = [sorted[0]!, sorted.at(-1)!];
      const { project, view, availableAt } = first;
      const name = `${digestOf(sorted.map(({ recordId }) => recordId)).slice(0, 32)}.jsonl`;
      const object = await write(
        recordFileKey(project, view, availableAt, name),
        sorted.map(({ line }) => line),
      );
      return {
        project,
        view,
        object,
        format: 'jsonl',
        firstAvailableAt: availableAt,
        lastAvailableAt: last.availableAt,
        rows: sorted.length,
      };
    }),
  );
  await files.add(landed);
  for (const own of byView.values()) {
    const { project, view } = own[0]!;
    await states.rise(project, view, Math.max(...own.map(({ eventAt }) => eventAt)));
  }
}

function byArrival(a: LandingRecord, b: LandingRecord): number {
  const [left, right] = [a, b].map(({ availableAt, recordId }) => `${sortable(availableAt)}/${recordId}`);
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}

/** Times with three and with six digits as texts that compare as they do. */
const sortable = (time: string): string => time.replace(/Z$/, '').padEnd(26, '0');
