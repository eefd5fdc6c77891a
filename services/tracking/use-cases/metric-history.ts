import * as z from 'zod';
import type { Caller } from '#shared/contracts/caller.ts';
import { decodePageToken, encodePageToken, invalidPageToken, type Page } from '#shared/kernel/paging.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import { assertMaxResults } from '../domain/limits.ts';
import { byTime, distinctPoints } from '../domain/metrics.ts';
import type { MetricPoint } from '../domain/run.ts';
import type { CoreDeps } from './deps.ts';
import { runNotFound } from './heads.ts';

/** An answer has 6 MB at most (Lambda): so many points with the longest name that a metric may have fit in. */
export const maxPagePoints = 25_000;
export const maxPageBytes = 5_000_000;
/** Of a point as JSON besides its metric's name: braces, names of members, and the longest numbers. */
export const pointBytes = 110;

const position = z.object({
  value: z.number().nullable(),
  timestamp: z.number(),
  step: z.number(),
});

/**
 * The history of a metric by timestamp, step and value. The page token is the place of the last point, so that what is logged
 * meanwhile neither repeats nor hides one. Throws RunNotFound, InvalidPageToken.
 */
export async function metricHistory(
  deps: Pick<CoreDeps, 'runs'>,
  caller: Caller,
  wanted: {
    readonly runId: string;
    readonly metricKey: string;
    readonly maxResults: number | undefined;
    readonly pageToken: string | undefined;
  },
): Promise<Page<MetricPoint>> {
  const { runId, metricKey, maxResults, pageToken } = wanted;
  if (maxResults !== undefined) assertMaxResults(maxResults, Number.MAX_SAFE_INTEGER);
  const history = await deps.runs.history(runId, metricKey);
  if (!history) throw runNotFound(runId);
  assertMay(caller, 'viewer', history.project, runNotFound(runId));
  const all = distinctPoints(history.points, byTime);
  const after = pageToken === undefined ? undefined : positionOf(pageToken);
  const begin = after === undefined ? 0 : firstBehind(all, after);
  const fitting = Math.floor(maxPageBytes / (pointBytes + Buffer.byteLength(JSON.stringify(metricKey))));
  const size = Math.min(maxResults ?? maxPagePoints, maxPagePoints, fitting);
  const items = all.slice(begin, begin + size);
  const last = items.at(-1);
  return begin + size < all.length && last
    ? {
        items,
        nextPageToken: encodePageToken({ ...last, value: Number.isNaN(last.value) ? null : last.value }),
      }
    : { items };
}

function positionOf(pageToken: string): MetricPoint {
  const found = position.safeParse(decodePageToken(pageToken));
  if (!found.success) throw invalidPageToken(pageToken);
  return { ...found.data, value: found.data.value ?? Number.NaN };
}

/** Index of the first point behind a place, by halving. */
function firstBehind(points: readonly MetricPoint[], place: MetricPoint): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byTime(points[middle]!, place) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
