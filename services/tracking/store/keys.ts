import type { Key } from '#shared/aws/table.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { LifecycleStage } from '../domain/run.ts';

/**
 * Keys of the table. docs/reference/tracking-units.md says what each operation reads and writes.
 * `EXPERIMENT#<id>` / `EXPERIMENT`: an experiment; in the index under `EXPERIMENTS#<stage>` by creation time.
 * `EXPERIMENTNAME#<name>` / `EXPERIMENT`: its id; names are unique, also among the deleted.
 * `RUN#<id>` / `RUN`: a run with params, tags, latest metrics and the newest points of its histories: one read per run, and what a
 * search looks at; in the index under `EXPERIMENT#<id>#<stage>#<shard>` by start time. Runs that release 0.1 wrote are in the index
 * under `EXPERIMENT#<id>` until they are written again.
 * `METRICS#<runId>` / `LOOSE#<blockId>`, `MERGED#<blockId>`, `PACKED#<hash of the metric's name>#<blockId>`: blocks of points.
 * `RUN#<id>` / `PART#<revision>#<number>`: parts of a run that is too big for one item.
 * `DATASETS#<experimentId>` / `DATASET#<hash>`: a dataset that runs used. `USED#<hash>#<hash of its context>`: what it was used for.
 */
export const experimentKey = (experimentId: string): Key => ({
  pk: `EXPERIMENT#${experimentId}`,
  sk: 'EXPERIMENT',
});
export const experimentNameKey = (name: string): Key => ({ pk: `EXPERIMENTNAME#${name}`, sk: 'EXPERIMENT' });
export const runKey = (runId: string): Key => ({ pk: `RUN#${runId}`, sk: 'RUN' });

/** Sixteen digits, so that texts sort as times do. */
const sortableTime = (ms: number): string => String(Math.max(0, ms)).padStart(16, '0');

export const experimentsPartition = (stage: LifecycleStage): string => `EXPERIMENTS#${stage}`;
export const experimentSort = (creationTime: number, experimentId: string): string =>
  `${sortableTime(creationTime)}#${experimentId}`;

/** One partition of the index takes 1,000 writes a second: these share the runs of an experiment. */
export const runShards = 8;

export const runsPartition = (experimentId: string, stage: LifecycleStage, shard: number): string =>
  `EXPERIMENT#${experimentId}#${stage}#${shard}`;

/** The shard of a run. Ids are not all random: those of trainings are hashes, and clients of other stores name their own. */
export const shardOf = (runId: string): number =>
  Number.parseInt(sha256Hex(runId).slice(0, 4), 16) % runShards;
/** Sorts the run that started last first, and of those that started at the same time the one with the first id. */
export const runSort = (startTime: number, runId: string): string =>
  `${sortableTime(Number.MAX_SAFE_INTEGER - Math.max(0, startTime))}#${runId}`;
/** Where the index has runs that release 0.1 wrote. */
export const formerRunsPartition = (experimentId: string): string => `EXPERIMENT#${experimentId}`;

export const metricsPartition = (runId: string): string => `METRICS#${runId}`;
export const loosePrefix = 'LOOSE#';
export const mergedPrefix = 'MERGED#';
export const packedPrefix = (metricKey: string): string => `PACKED#${sha256Hex(metricKey).slice(0, 16)}#`;

const partPrefix = 'PART#';
export const partKey = (runId: string, revision: number, part: number): Key => ({
  pk: runKey(runId).pk,
  sk: `${partPrefix}${revision}#${String(part).padStart(3, '0')}`,
});

export const datasetsPartition = (experimentId: string): string => `DATASETS#${experimentId}`;
export const describedPrefix = 'DATASET#';
export const usedPrefix = 'USED#';
