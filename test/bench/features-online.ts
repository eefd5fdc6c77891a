import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  getOnlineFeatures,
  readFeatureService,
  sendFeatureRecords,
  type ViewAggregation,
} from '#services/feature-store/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import {
  addRows,
  dropBefore,
  emptyState,
  valuesAt,
  type WindowRow,
} from '../../services/feature-store/domain/window-state.ts';
import { hopSecondsOf } from '../../services/feature-store/domain/windows.ts';
import { type Measurement, quantile } from './measurement.ts';
import { postAtRate } from './open-loop.ts';
import { type BenchPlatform, startPlatform } from './platform.ts';
import { rootDir } from './repository-copy.ts';
import { withFolder } from './temporary-folder.ts';

const project = 'bench';
const featureCount = 20;
const entities = 200;
const runs = 3;
const ratePerSecond = 20;
const warmUpSeconds = 5;
const runSeconds = 20;
const p50LimitMs = 8;
const p99LimitMs = 30;

const names = Array.from({ length: featureCount }, (_none, index) => `f${index}`);
const projectFile = `name: ${project}
owners: [ada]
data: { primaryKey: id, columns: { id: { type: string }, note: { type: string } } }
features:
  entities: { driver: { joinKeys: { driver_id: string } } }
  sources:
    trips: { type: stream, columns: { driver_id: string, ${names.map((name) => `${name}: number`).join(', ')} } }
  featureViews:
    trips: { entities: [driver], source: trips, schema: { ${names.map((name) => `${name}: number`).join(', ')} } }
  featureServices: { all: { features: [trips] } }
`;

/** One entity with 20 features, by HTTP, on the laptop platform: API, authorizer, function and table. */
export const measureOnlineReads = (say: (line: string) => void): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    const platform = await startPlatform(rootDir, path.join(folder, 'data'));
    try {
      say('records of a stream go online');
      await fill(platform);
      const load = {
        url: `${platform.url}${getOnlineFeatures.path.replace('{project}', project)}`,
        ratePerSecond,
        body: (n: number) =>
          JSON.stringify({ featureService: 'all', entities: { driver_id: [`d${n % entities}`] } }),
      };
      await postAtRate({ ...load, seconds: warmUpSeconds });
      const latencies: number[][] = [];
      for (let run = 1; run <= runs; run += 1) {
        say(`online reads, run ${run} of ${runs}`);
        latencies.push(await postAtRate({ ...load, seconds: runSeconds }));
      }
      const row = (title: string, share: number, limit?: number): Measurement => ({
        title: `Online values of one entity, ${featureCount} features, at ${ratePerSecond}/s, ${title}`,
        unit: 'ms',
        values: latencies.map((values) => quantile(values, share)),
        ...(limit === undefined ? {} : { limit }),
      });
      return [row('p50', 0.5, p50LimitMs), row('p99', 0.99, p99LimitMs), row('slowest', 1)];
    } finally {
      await platform.stop();
    }
  });

async function fill({ client }: BenchPlatform): Promise<void> {
  const params = { project };
  await client.call(applyProject, { params, body: projectFile });
  await isDefined(client);
  for (let from = 0; from < entities; from += 100) {
    const records = Array.from({ length: 100 }, (_none, index) => ({
      driver_id: `d${from + index}`,
      event_timestamp: new Date(Date.now() - 1000).toISOString(),
      ...Object.fromEntries(names.map((name, place) => [name, from + index + place / 7])),
    }));
    await client.call(sendFeatureRecords, { params: { project, view: 'trips' }, body: { records } });
  }
}

async function isDefined(client: BenchPlatform['client']): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await client.call(readFeatureService, { params: { project, service: 'all' } });
      return;
    } catch (error) {
      if (tries === 60) throw error;
      await sleep(500);
    }
  }
}

const events = 1_000_000;
const drivers = 1000;
const hourMicroseconds = 3_600_000_000;
const end = Date.UTC(2026, 5, 1) * 1000;
const aggregation = (name: ViewAggregation['function'], windowSeconds: number): ViewAggregation => ({
  name: `${name}_${windowSeconds}`,
  type: 'number',
  function: name,
  column: 'x',
  columnType: 'number',
  windowSeconds,
  hopSeconds: hopSecondsOf(windowSeconds),
  sensitive: false,
});
const aggregations = (['count', 'sum', 'min', 'max', 'last'] as const).flatMap((name) => [
  aggregation(name, 3600),
  aggregation(name, 86_400),
]);

/** A number in [0, 1) that follows from a number. */
const noise = (seed: number): number => {
  const mixed = Math.sin(seed * 12.9898) * 43_758.5453;
  return mixed - Math.floor(mixed);
};

/**
 * A million events of a thousand entities over two days, out of order: folded one by one, as a stream brings them, and all at once, as a batch does.
 * Throws where the two answer differently.
 */
export function measureAggregates(say: (line: string) => void): Measurement[] {
  say(`${events} events of a stream are folded into windows`);
  const rows = Array.from({ length: drivers }, (): WindowRow[] => []);
  for (let event = 0; event < events; event += 1) {
    const eventAt = end - Math.floor(noise(event) * 48) * hourMicroseconds - event;
    rows[event % drivers]!.push({
      eventAt,
      availableAt: end,
      tie: String(event),
      values: { x: noise(event + 0.5) * 100 },
    });
  }
  const streamedAtMs = performance.now();
  const streamed = rows.map((own) =>
    own.reduce(
      (state, row) => dropBefore(addRows(state, aggregations, [row]), aggregations, end),
      emptyState(),
    ),
  );
  const streamedMs = performance.now() - streamedAtMs;
  const batchAtMs = performance.now();
  const batch = rows.map((own) => addRows(emptyState(), aggregations, own.toReversed()));
  const batchMs = performance.now() - batchAtMs;
  const text = (states: typeof batch) =>
    JSON.stringify(states.map((state) => valuesAt(state, aggregations, end)));
  if (text(streamed) !== text(batch)) throw new Error('The stream and the batch answer differently.');
  return [
    { title: 'One event of a stream into windows', unit: 'ms', values: [streamedMs / events] },
    {
      title: `${events} events in one batch into the same windows`,
      unit: 's',
      values: [batchMs / 1000],
    },
  ];
}
