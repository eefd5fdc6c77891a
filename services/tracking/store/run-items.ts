import type { Item, Table } from '#shared/aws/table.ts';
import type { TrackedRun } from '../domain/run.ts';
import type { RunState } from '../ports/run-store.ts';
import type { StoredItems } from './items.ts';
import { runKey, runSort, runsPartition, shardOf } from './keys.ts';
import { decodeBlock } from './metric-blocks.ts';
import { decodeDocument, type StoredDocument } from './run-document.ts';
import { joined } from './run-parts.ts';

/** What is in a run's item besides the run. */
export interface RunItemParts {
  readonly revision: number;
  readonly document: StoredDocument;
  readonly parts: number;
  readonly looseBlocks: number;
  readonly blocks: number;
  readonly newestPoints?: Uint8Array | undefined;
}

export function runItem(run: TrackedRun, { newestPoints, ...rest }: RunItemParts): Item {
  const { runId, experimentId, project, lifecycleStage, startTime } = run;
  return {
    ...runKey(runId),
    schemaVersion: 2,
    experimentId,
    project,
    lifecycleStage,
    ...rest,
    ...(newestPoints ? { newestPoints } : {}),
    gsi1pk: runsPartition(experimentId, lifecycleStage, shardOf(runId)),
    gsi1sk: runSort(startTime, runId),
  } satisfies StoredItems['run'];
}

export const runIdOf = ({ pk }: StoredItems['run']): string => pk.slice(runKey('').pk.length);

/** The run of an item that has all of it, or with the document that its parts make. */
export function decodedRun(item: StoredItems['run'], document: StoredDocument = item.document): TrackedRun {
  const { experimentId, project, lifecycleStage } = item;
  return decodeDocument({ runId: runIdOf(item), experimentId, project, lifecycleStage }, document);
}

/** How often a run in parts is read again that is replaced each time it is read. */
const maxReads = 10;

/** A run as it is now. */
export async function readState(
  table: Table,
  runId: string,
  first?: StoredItems['run'],
): Promise<RunState | undefined> {
  let item = first ?? (await table.get<StoredItems['run']>(runKey(runId)));
  for (let read = 1; item; read++) {
    const document = item.parts === 0 ? item.document : await joined(table, runId, item);
    if (document !== undefined) {
      const run = decodedRun(item, document);
      const { revision, newestPoints, looseBlocks, blocks, parts } = item;
      return {
        run,
        revision,
        newestPoints: newestPoints ? decodeBlock(newestPoints) : new Map(),
        looseBlocks,
        blocks,
        parts,
      };
    }
    if (read === maxReads) throw new Error(`The parts of run ${runId} are not there.`);
    item = await table.get<StoredItems['run']>(runKey(runId));
  }
  return undefined;
}
