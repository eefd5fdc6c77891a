import type { Batch } from '#services/tracking/domain/batch.ts';
import type { LoggedMetric, MetricPoint } from '#services/tracking/domain/run.ts';
import { createExperimentStore } from '#services/tracking/store/experiment-store.ts';
import { createRunIndex } from '#services/tracking/store/run-index.ts';
import { createRunStore } from '#services/tracking/store/run-store.ts';
import { createRun } from '#services/tracking/use-cases/create-run.ts';
import type { CoreDeps } from '#services/tracking/use-cases/deps.ts';
import { createExperiment } from '#services/tracking/use-cases/experiments.ts';
import { logBatch } from '#services/tracking/use-cases/log-to-run.ts';
import { metricHistory } from '#services/tracking/use-cases/metric-history.ts';
import { readTrackedRun } from '#services/tracking/use-cases/read-runs.ts';
import type { Table } from '#shared/aws/table.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from './memory-table.ts';

/** May do everything. */
export const operator: Caller = { id: 'olga', grants: [{ project: '*', role: 'admin' }] };
/** A scientist of one project. */
export const scientistOf = (project: string): Caller => ({
  id: `scientist-of-${project}`,
  grants: [{ project, role: 'scientist' }],
});

/** Tracking's use cases over a table in memory; `table` puts another one in front of it. */
export function createTracking(between: (table: Table) => Table = (table) => table) {
  const memory = createMemoryTable();
  const table = between(memory);
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  const ids = sequentialIds('I');
  const runIds = sequentialIds('0000000000000000000000000000');
  const experimentIds = sequentialIds('9');
  const deps: CoreDeps = {
    experiments: createExperimentStore(table),
    runs: createRunStore(table, ids),
    runIndex: createRunIndex(table),
    clock,
    ids,
    newRunId: () => runIds.next(),
    newExperimentId: () => experimentIds.next(),
    random: () => 0.5,
    // Lets others go on, as a pause does, and takes no time.
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  };
  return { memory, clock, deps };
}

const none: Batch = { metrics: [], params: [], tags: [] };
/** A point of a metric at a step, at the same time unless said. */
export const point = (key: string, value: number, step: number, timestamp = step): LoggedMetric => ({
  key,
  value,
  timestamp: Math.max(0, timestamp),
  step,
});

/** Tracking as one caller sees it. */
export function trackingFor(caller: Caller = operator) {
  const tracking = createTracking();
  const { deps } = tracking;
  return {
    ...tracking,
    newExperiment: (name: string) => createExperiment(deps, caller, { name, artifactLocation: '', tags: [] }),
    newRun: (experimentId = '0', name = '', startTime?: number) =>
      createRun(deps, caller, { experimentId, userId: 'ana', name, startTime, tags: [] }),
    log: (runId: string, batch: Partial<Batch>) => logBatch(deps, caller, runId, { ...none, ...batch }),
    read: (runId: string) => readTrackedRun(deps, caller, runId),
    wholeHistory: async (runId: string, metricKey: string, maxResults?: number) => {
      const points: MetricPoint[] = [];
      let pageToken: string | undefined;
      do {
        const page = await metricHistory(deps, caller, { runId, metricKey, maxResults, pageToken });
        points.push(...page.items);
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      return points;
    },
  };
}
