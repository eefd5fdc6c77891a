import type { z } from 'zod';
import type { viewFreshness } from '../contract.ts';

type ViewFreshness = z.infer<typeof viewFreshness>;

/** What is looked at. */
export interface WatchedView {
  readonly view: string;
  readonly version: number;
  /** When the version was defined. */
  readonly createdAt: string;
  readonly maxLagSeconds?: number | undefined;
  /** Event time of the newest row that is online. */
  readonly newestEventAt?: string | undefined;
  /** Since when its objective is not met, as people were told. */
  readonly breachedSince?: string | undefined;
}

/** How fresh a view is at `now` (milliseconds). */
export function freshnessOf(watched: WatchedView, now: number): ViewFreshness {
  const { view, version, maxLagSeconds, newestEventAt, breachedSince } = watched;
  const lagSeconds = newestEventAt === undefined ? undefined : (now - Date.parse(newestEventAt)) / 1000;
  return {
    view,
    version,
    ...(newestEventAt === undefined ? {} : { newestEventAt }),
    ...(lagSeconds === undefined ? {} : { lagSeconds }),
    ...(maxLagSeconds === undefined ? {} : { maxLagSeconds }),
    status: statusOf(watched, lagSeconds, now),
    ...(breachedSince === undefined ? {} : { breachedSince }),
  };
}

/** A version that holds nothing online yet has the time of its objective to be filled. */
function statusOf(
  { maxLagSeconds, createdAt }: WatchedView,
  lagSeconds: number | undefined,
  now: number,
): ViewFreshness['status'] {
  if (maxLagSeconds === undefined) return lagSeconds === undefined ? 'empty' : 'no-objective';
  const waitedSeconds = (now - Date.parse(createdAt)) / 1000;
  if ((lagSeconds ?? waitedSeconds) > maxLagSeconds) return 'breached';
  return lagSeconds === undefined ? 'empty' : 'fresh';
}
