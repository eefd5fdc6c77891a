import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import { invalidParameterValue } from '../domain/limits.ts';
import { byStep, byTime, distinctPoints, sampled } from '../domain/metrics.ts';
import type { MetricPoint } from '../domain/run.ts';
import type { CoreDeps } from './deps.ts';
import { maxPageBytes, maxPagePoints, pointBytes } from './metric-history.ts';

export interface PointOfRun extends MetricPoint {
  readonly runId: string;
}

/** Bytes of a point's run in an answer. */
const runBytes = 48;
export const maxChartRuns = 100;
export const maxChartPoints = 2500;

/** Histories of a metric in several runs: by run, timestamp, step and value, the first `maxResults`. Throws InvalidParameter. */
export async function histories(
  { runs }: Pick<CoreDeps, 'runs'>,
  caller: Caller,
  { runIds, metricKey, maxResults }: { runIds: readonly string[]; metricKey: string; maxResults: number },
): Promise<readonly PointOfRun[]> {
  const found = await ofRuns(runs, caller, runIds, metricKey);
  const points = found.flatMap(({ runId, points: all }) =>
    distinctPoints(all, byTime).map((point) => ({ ...point, runId })),
  );
  return points.slice(0, Math.min(maxResults, fittingPoints(metricKey)));
}

/**
 * Points of a metric for charts of several runs, by run and step: of each run at most `maxResults`, spread evenly over what lies
 * between the steps, with the last point. Where an answer would be longer than Lambda allows, each run has fewer.
 */
export async function charts(
  { runs }: Pick<CoreDeps, 'runs'>,
  caller: Caller,
  wanted: {
    readonly runIds: readonly string[];
    readonly metricKey: string;
    readonly maxResults: number;
    readonly steps: { readonly first: number; readonly last: number } | undefined;
  },
): Promise<readonly PointOfRun[]> {
  const { runIds, metricKey, maxResults, steps } = wanted;
  if (steps && steps.first > steps.last) {
    throw invalidParameterValue(
      `end_step must be greater than start_step. Found start_step=${steps.first} and end_step=${steps.last}.`,
    );
  }
  const found = await ofRuns(runs, caller, runIds, metricKey);
  const perRun = Math.min(maxResults, Math.floor(fittingPoints(metricKey) / Math.max(1, found.length)));
  return found.flatMap(({ runId, points }) => {
    const between = steps ? points.filter(({ step }) => step >= steps.first && step <= steps.last) : points;
    return sampled(distinctPoints(between, byStep), perRun).map((point) => ({ ...point, runId }));
  });
}

const fittingPoints = (metricKey: string): number =>
  Math.min(
    maxPagePoints * 2,
    Math.floor(maxPageBytes / (pointBytes + runBytes + Buffer.byteLength(JSON.stringify(metricKey)))),
  );

/** Runs that are not there, or that the caller may not see, have no points. */
async function ofRuns(runs: CoreDeps['runs'], caller: Caller, runIds: readonly string[], metricKey: string) {
  const ids = [...new Set(runIds)].sort();
  const found = await Promise.all(
    ids.map(async (runId) => {
      const history = await runs.history(runId, metricKey);
      if (!history || !hasRole(caller, 'viewer', history.project)) return [];
      return [{ runId, points: history.points }];
    }),
  );
  return found.flat();
}
