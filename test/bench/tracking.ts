import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { mlflowEnvironment, newestMlflow, startStockServer } from '../conformance/mlflow/stock-server.ts';
import { type Bench, type Measurement, quantile, smallest } from './measurement.ts';
import { startPlatform } from './platform.ts';
import { type ProcessUse, processTree } from './process-tree.ts';
import { rootDir } from './repository-copy.ts';
import { seedStock } from './stock-rows.ts';
import { withFolder } from './temporary-folder.ts';
import {
  batches,
  batchPoints,
  createdRuns,
  historyPoints,
  loggedMetrics,
  searchedRuns,
  TrackingServer,
} from './tracking-load.ts';

const repeats = 3;
/** The laptop platform ends functions that nobody called for a minute. */
const idleAfterMs = 75_000;

/** What one server took; times in milliseconds, one value per repeat. */
interface Figures {
  readonly startMs: number;
  readonly createRun: readonly number[];
  readonly logMetric: readonly number[];
  readonly batch: readonly number[];
  readonly search: readonly number[];
  readonly history: readonly number[];
  readonly memoryMb: number;
  /** Of the processes that answer MLflow's API, without what they stand on. */
  readonly serverMemoryMb: number;
  /** Of all processes, when nobody asked for a while. */
  readonly idleMemoryMb: number;
}

export const tracking: Bench = {
  name: 'tracking',
  title: "Tracking beside MLflow's own server",
  method: `The same requests, one after the other over kept-alive HTTP connections, first to \`mlflow server\` ${newestMlflow} (one worker, SQLite), then to the laptop platform; the fastest of ${repeats} repeats counts. Creating and logging: median of ${createdRuns} and ${loggedMetrics} requests. Batch: median of ${batches} requests with ${batchPoints} points. Search: 100 of ${searchedRuns} runs by a filter on a metric, ordered by another. History: ${historyPoints} points of a metric, all pages. Memory: proportional sets of all processes right afterwards, and ${idleAfterMs / 1000} seconds later (idle). The whole platform has all its services and the AWS that it emulates; the functions of MLflow's API are those that answer it, as AWS would run them: the server beside them has its database and its job runners in it.`,
  run: (say) =>
    withFolder(async (folder) => {
      const stock = await measureStock(say);
      const platform = await measurePlatform(folder, say);
      return rows(stock, platform);
    }),
};

async function measureStock(say: (line: string) => void): Promise<Figures> {
  const environment = await mlflowEnvironment(newestMlflow);
  say(`mlflow server ${newestMlflow}`);
  const startedMs = performance.now();
  const server = await startStockServer(environment);
  const startMs = performance.now() - startedMs;
  try {
    const seed = async (_server: TrackingServer, experimentId: string) =>
      seedStock(server.database, experimentId, searchedRuns);
    const figures = await load(new TrackingServer(server.url), seed, say);
    return { startMs, ...figures, ...(await memoryOf(server.pid, () => true)) };
  } finally {
    await server.stop();
  }
}

async function measurePlatform(folder: string, say: (line: string) => void): Promise<Figures> {
  say('the laptop platform');
  const platform = await startPlatform(rootDir, path.join(folder, 'data'));
  try {
    const seed = (server: TrackingServer, experimentId: string) => server.seed(experimentId, searchedRuns);
    const figures = await load(new TrackingServer(platform.url), seed, say);
    const memory = await memoryOf(platform.npmPid, ({ functionName = '' }) =>
      functionName.endsWith('-mlflow'),
    );
    return { startMs: platform.readyAfterMs, ...figures, ...memory };
  } finally {
    await platform.stop();
  }
}

type Seed = (server: TrackingServer, experimentId: string) => Promise<void>;

async function load(
  server: TrackingServer,
  seed: Seed,
  say: (line: string) => void,
): Promise<Omit<Figures, 'startMs' | keyof Memory>> {
  const small = await server.experiment('bench-small');
  await server.run(small);
  say('runs and metrics');
  const createRun = await repeated(() => medianMs(createdRuns, () => server.run(small)));
  const runId = await server.run(small);
  let step = 0;
  const logMetric = await repeated(() => medianMs(loggedMetrics, () => server.metric(runId, step++)));
  say('batches and a history');
  const long = await server.run(small);
  let first = 0;
  const logBatch = async () => {
    await server.batch(long, first, batchPoints);
    first += batchPoints;
  };
  const batch = await repeated(() => medianMs(batches, logBatch));
  while (first < historyPoints) await logBatch();
  const history = await repeated(() =>
    onceMs(async () => assertCount(await server.history(long), historyPoints)),
  );
  say(`${searchedRuns} runs to search`);
  const large = await server.experiment('bench-large');
  await seed(server, large);
  const search = await repeated(() => onceMs(async () => assertCount(await server.search(large), 100)));
  return { createRun, logMetric, batch, search, history };
}

function assertCount(found: number, expected: number): void {
  if (found !== expected) throw new Error(`${found} came, ${expected} should have.`);
}

async function repeated(measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) values.push(await measure());
  return values;
}

async function medianMs(count: number, call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) times.push(await onceMs(call));
  return quantile(times, 0.5);
}

async function onceMs(call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await call();
  return performance.now() - startedMs;
}

type Memory = Pick<Figures, 'memoryMb' | 'serverMemoryMb' | 'idleMemoryMb'>;

/** What a process and all below it have in memory now, and when nobody asked for a while; `answers` says which of them answer requests. */
async function memoryOf(pid: number, answers: (process: ProcessUse) => boolean): Promise<Memory> {
  const processes = processTree(pid);
  const answering = processes.filter(answers);
  if (answering.length === 0) throw new Error('No process that answers requests was found.');
  await setTimeout(idleAfterMs);
  return {
    memoryMb: memoryMb(processes),
    serverMemoryMb: memoryMb(answering),
    idleMemoryMb: memoryMb(processTree(pid)),
  };
}

const memoryMb = (processes: readonly ProcessUse[]): number =>
  processes.reduce((sum, { pssBytes }) => sum + pssBytes, 0) / 1e6;

/** Per line: what stock MLflow took, what the platform took, and the share, which the goals bound. */
function rows(stock: Figures, platform: Figures): Measurement[] {
  const line = (
    title: string,
    unit: Measurement['unit'],
    of: (figures: Figures) => readonly number[],
    limit: number,
  ): Measurement[] => [
    { title: `${title}, mlflow server`, unit, values: of(stock) },
    { title: `${title}, Millrace`, unit, values: of(platform) },
    { title: '… as a share', unit: 'x', values: [smallest(of(platform)) / smallest(of(stock))], limit },
  ];
  return [
    ...line('Start', 's', ({ startMs }) => [startMs / 1000], 1),
    ...line('Create a run', 'ms', ({ createRun }) => createRun, 1),
    ...line('Log a metric', 'ms', ({ logMetric }) => logMetric, 1),
    ...line(`Log a batch of ${batchPoints}`, 'ms', ({ batch }) => batch, 0.2),
    ...line(`Search ${searchedRuns} runs, ordered by a metric`, 'ms', ({ search }) => search, 0.2),
    ...line(`History of ${historyPoints} points`, 'ms', ({ history }) => history, 1),
    ...line('Memory, all of it', 'MB', ({ memoryMb: all }) => [all], 1 / 5),
    ...line("Memory, what answers MLflow's API", 'MB', ({ serverMemoryMb }) => [serverMemoryMb], 1 / 20),
    ...line('Memory, all of it, idle', 'MB', ({ idleMemoryMb }) => [idleMemoryMb], 1 / 5),
  ];
}
