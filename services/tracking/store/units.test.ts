import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Table } from '#shared/aws/table.ts';
import { meteredTable, type Units } from '#test/doubles/metered-table.ts';
import { createTracking, operator } from '#test/doubles/tracking.ts';
import type { LoggedMetric } from '../domain/run.ts';
import { moveExperiment } from '../use-cases/change-experiment.ts';
import { createRun } from '../use-cases/create-run.ts';
import { createExperiment } from '../use-cases/experiments.ts';
import { logBatch, moveRun, setRunTag, updateRun } from '../use-cases/log-to-run.ts';
import { metricHistory } from '../use-cases/metric-history.ts';
import { readTrackedRun } from '../use-cases/read-runs.ts';
import { searchRuns } from '../use-cases/search-runs.ts';

const page = readFileSync(new URL('../../../docs/reference/tracking-units.md', import.meta.url), 'utf8');

/** `| operation | requests | read | write |` of the page. */
const stated = new Map(
  [...page.matchAll(/^\| ([^|]+?) +\| +([\d.]+) \| +([\d.]+) \| +([\d.]+) \|$/gm)].map(
    ([, operation = '', requests, read, write]): [string, Units] => [
      operation,
      { requests: Number(requests), read: Number(read), write: Number(write) },
    ],
  ),
);

/** The numbers of a training: each a double of its own. */
const points = (key: string, count: number, from = 0): LoggedMetric[] =>
  Array.from({ length: count }, (_, index) => ({
    key,
    value: Math.sin(from + index) / 3,
    timestamp: 1_795_829_933_714 + 250 * (from + index),
    step: from + index,
  }));
const metricsOnly = (metrics: readonly LoggedMetric[]) => ({ metrics, params: [], tags: [] });

async function measured(): Promise<Map<string, Units>> {
  let meter: ReturnType<typeof meteredTable> | undefined;
  const { deps } = createTracking((table: Table) => {
    meter = meteredTable(table);
    return meter;
  });
  const found = new Map<string, Units>();
  const measure = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    meter!.units();
    const result = await work();
    found.set(operation, meter!.units());
    return result;
  };
  const newRun = (experimentId: string) =>
    createRun(deps, operator, { experimentId, userId: 'ana', name: '', startTime: undefined, tags: [] });
  const search = (experimentId: string, orderBy: string[]) =>
    searchRuns(deps, operator, {
      experimentIds: [experimentId],
      filter: '',
      viewType: 'ACTIVE_ONLY',
      maxResults: 100,
      orderBy,
      pageToken: undefined,
    });

  const experimentId = await measure('create an experiment', () =>
    createExperiment(deps, operator, { name: 'try', artifactLocation: '', tags: [] }),
  );
  const { runId } = await measure('create a run', () => newRun(experimentId));
  await measure('log a metric', () => logBatch(deps, operator, runId, metricsOnly(points('loss', 1))));
  await measure('log 20 params', () =>
    logBatch(deps, operator, runId, {
      metrics: [],
      params: Array.from({ length: 20 }, (_, i) => ({ key: `param_${i}`, value: String(i / 7) })),
      tags: [],
    }),
  );
  await measure('set a tag', () => setRunTag(deps, operator, runId, { key: 'team', value: 'red' }));
  await measure('log 1,000 points of one metric', () =>
    logBatch(deps, operator, runId, metricsOnly(points('loss', 1000, 1))),
  );
  await measure('log 1,000 points of 20 metrics', () =>
    logBatch(
      deps,
      operator,
      runId,
      metricsOnly(Array.from({ length: 20 }, (_, i) => points(`metric_${i}`, 50)).flat()),
    ),
  );
  await measure('end a run', () => updateRun(deps, operator, runId, { status: 'FINISHED', endTime: 1 }));
  await measure('read a run', () => readTrackedRun(deps, operator, runId));
  for (let i = 1; i < 100; i++)
    await logBatch(deps, operator, runId, metricsOnly(points('long', 1000, 1000 * i)));
  await measure('read a page of 25,000 of 99,000 points', () =>
    metricHistory(deps, operator, { runId, metricKey: 'long', maxResults: undefined, pageToken: undefined }),
  );
  await measure('delete a run', () => moveRun(deps, operator, runId, 'deleted'));

  const many = await createExperiment(deps, operator, { name: 'many', artifactLocation: '', tags: [] });
  for (let i = 0; i < 1000; i++) {
    const run = await newRun(many);
    await logBatch(deps, operator, run.runId, {
      metrics: [...points('loss', 1, i), ...points('accuracy', 1, i), ...points('f1', 1, i)],
      params: [{ key: 'lr', value: String(i / 7) }],
      tags: [{ key: 'team', value: 'red' }],
    });
  }
  await measure('search 1,000 runs, the newest 100', () => search(many, []));
  await measure('search 1,000 runs by a metric', () => search(many, ['metrics.loss DESC']));
  await measure('delete an experiment of 1,000 runs', () => moveExperiment(deps, operator, many, 'deleted'));
  return found;
}

describe('what an operation costs in DynamoDB', () => {
  it('is what docs/reference/tracking-units.md says, and tens of write units for a thousand points', async () => {
    const found = await measured();
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(stated));
    expect(found.get('log 1,000 points of one metric')?.write).toBeLessThan(40);
  });
});
