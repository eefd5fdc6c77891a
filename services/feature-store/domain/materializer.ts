import type * as z from 'zod';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { materialization } from '../contract.ts';

type Materialization = z.output<typeof materialization>;
export type Mode = Materialization['mode'];
export type Occasion = Materialization['occasion'];

/** A materialization that somebody or something asked for. `Origin` is the fact that asked, or the start of a journey; nothing here looks at it. */
export interface MaterializationRequest<Origin> {
  readonly mode: Mode;
  readonly occasion: Occasion;
  readonly requestedBy: string;
  readonly metadata: Origin;
}

/** What is known of the online values of one version of a view, and who writes them now. Times are ISO 8601. */
export interface Materializer<Origin> {
  readonly project: string;
  readonly view: string;
  readonly version: number;
  /** How often it is asked for by itself; absent: never. */
  readonly everySeconds?: number;
  readonly running?: {
    readonly materializationId: string;
    readonly attempt: number;
    /** After this nothing of it can work any more. */
    readonly until: string;
  };
  /** What was asked for while one ran. */
  readonly pending?: MaterializationRequest<Origin>;
  /** Keys, ranks and digests of what the last one that ended well left online. */
  readonly held?: { readonly materializationId: string; readonly object: StoredObject };
  /** Keys that ones which failed since may have written, each with the greatest rank that may stand there. */
  readonly uncertain?: StoredObject;
  /** Failed ones since the last that ended well: their files can go when one ends well. */
  readonly abandoned: readonly string[];
  readonly lastRequestedAt?: string;
  /** When a row that is known, but not visible yet, becomes visible. */
  readonly nextVisibleAt?: string;
  /** In a row, of those that nobody asked for by hand; with what they were for. */
  readonly failures: number;
  readonly failed?: { readonly at: string; readonly occasion: Occasion; readonly mode: Mode };
}

/** An execution ends itself after this. */
export const executionSeconds = 6 * 3600;
/** A function that an execution left behind ends itself after this. */
const functionSeconds = 900;
const leaseSeconds = executionSeconds + functionSeconds + 60;

/** After more failures in a row nothing is tried again before something is asked for. */
const maxFailures = 12;
const firstPauseSeconds = 900;
const longestPauseSeconds = 6 * 3600;

export const newMaterializer = (key: {
  readonly project: string;
  readonly view: string;
  readonly version: number;
}): Materializer<never> => ({
  project: key.project,
  view: key.view,
  version: key.version,
  abandoned: [],
  failures: 0,
});

const later = (iso: string, seconds: number): string =>
  new Date(Date.parse(iso) + seconds * 1000).toISOString();

/** Whether one runs whose time is not over. */
export const isRunning = ({ running }: Materializer<unknown>, now: Date): boolean =>
  running !== undefined && Date.parse(running.until) > now.getTime();

/** One begins, or goes on after it failed. */
export function begun<Origin>(
  materializer: Materializer<Origin>,
  run: { readonly materializationId: string; readonly attempt: number; readonly at: Date },
): Materializer<Origin> {
  const { pending: _pending, ...rest } = materializer;
  const at = run.at.toISOString();
  return {
    ...rest,
    lastRequestedAt: at,
    running: {
      materializationId: run.materializationId,
      attempt: run.attempt,
      until: later(at, leaseSeconds),
    },
  };
}

/** Remembers what cannot begin now. One run answers all that waits: it takes the newest rows, and is full if any asked for that. */
export function postponed<Origin>(
  materializer: Materializer<Origin>,
  request: MaterializationRequest<Origin>,
): Materializer<Origin> {
  const { pending } = materializer;
  const mode = pending?.mode === 'full' ? 'full' : request.mode;
  const isErasure = pending?.occasion === 'erasure';
  return { ...materializer, pending: { ...(isErasure ? pending : request), mode } };
}

/** It ended well: what it wanted is what is online. */
export function completed<Origin>(
  materializer: Materializer<Origin>,
  outcome: {
    readonly held: NonNullable<Materializer<Origin>['held']>;
    readonly nextVisibleAt?: string | undefined;
  },
): Materializer<Origin> {
  const {
    running: _running,
    uncertain: _uncertain,
    nextVisibleAt: _next,
    failed: _failed,
    ...rest
  } = materializer;
  return {
    ...rest,
    held: outcome.held,
    abandoned: [],
    failures: 0,
    ...(outcome.nextVisibleAt === undefined ? {} : { nextVisibleAt: outcome.nextVisibleAt }),
  };
}

/** It failed: what it may have written stays in doubt until one ends well. */
export function failed<Origin>(
  materializer: Materializer<Origin>,
  run: {
    readonly materializationId: string;
    readonly occasion: Occasion;
    readonly mode: Mode;
    readonly at: Date;
  },
): Materializer<Origin> {
  const { running: _running, ...rest } = materializer;
  const { materializationId, occasion, mode, at } = run;
  return {
    ...rest,
    failures: materializer.failures + 1,
    failed: { at: at.toISOString(), occasion, mode },
    abandoned: [...new Set([...materializer.abandoned, materializationId])],
  };
}

/** When it is to be looked at next; undefined: never before something is asked for. */
export function dueAt(materializer: Materializer<unknown>): string | undefined {
  const { running, everySeconds, lastRequestedAt, nextVisibleAt, failed: failure, failures } = materializer;
  if (running) return running.until;
  const times: string[] = [];
  if (everySeconds !== undefined)
    times.push(later(lastRequestedAt ?? new Date(0).toISOString(), everySeconds));
  if (nextVisibleAt !== undefined) times.push(nextVisibleAt);
  if (failure && failure.occasion !== 'manual' && failures <= maxFailures) {
    const pause = Math.min(firstPauseSeconds * 2 ** (failures - 1), longestPauseSeconds);
    times.push(later(failure.at, pause));
  }
  return times.sort()[0];
}
