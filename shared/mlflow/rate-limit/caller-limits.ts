import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import {
  type Bucket,
  drained,
  fullBucket,
  letsThrough,
  type RateLimit,
  refilled,
  secondsToWait,
} from './bucket.ts';

/** The buckets that all instances of a function share. */
export interface SharedBuckets {
  read(callerId: string): Promise<Bucket | undefined>;
  /** Throws `conflict` where the bucket is no longer `previous`: another instance wrote it. */
  write(callerId: string, bucket: Bucket, previous: Bucket | undefined): Promise<void>;
}

export interface CallerLimitsDeps {
  readonly buckets: SharedBuckets;
  readonly clock: Clock;
  /** Told of a shared bucket that could not be read or written; the requests go on by what this instance knows. */
  readonly onFailure: (error: unknown) => void;
}

/** An instance tells the others at most so often, and only of so many requests. */
const syncIntervalMs = 1000;
const requestsWorthTelling = 10;
/** Callers that one instance keeps in mind; whoever was quiet longest is forgotten first. */
const maxCallers = 1000;

interface Known {
  /** As this instance sees it: the shared bucket at the last look, refilled, less its own requests since. */
  bucket: Bucket;
  untold: number;
  syncedAtMs: number;
}

/**
 * Lets each caller ask so often, over all instances of a function. Each instance counts by itself, and a caller's share of the
 * others is learnt from a shared bucket: once a second, and only where the caller made ten requests since the last time, so that
 * quiet callers cost nothing. In between, instances do not know of each other: a caller with n instances gets through up to
 * ten requests and a second's worth more on each, and pays for it afterwards, since all that was let through is counted.
 */
export class CallerLimits {
  readonly #deps: CallerLimitsDeps;
  readonly #limit: RateLimit;
  readonly #known = new Map<string, Known>();

  constructor(deps: CallerLimitsDeps, limit: RateLimit) {
    this.#deps = deps;
    this.#limit = limit;
  }

  /** Counts a request. Throws RateExceeded (throttled) with `retryAfterSeconds` where the caller asks too often. */
  async admit(callerId: string): Promise<void> {
    const nowMs = this.#deps.clock.now().getTime();
    const known = this.#recall(callerId, nowMs);
    known.bucket = refilled(known.bucket, this.#limit, nowMs);
    if (known.untold >= requestsWorthTelling && nowMs - known.syncedAtMs >= syncIntervalMs)
      await this.#sync(callerId, known, nowMs);
    if (!letsThrough(known.bucket)) throw this.#exceeded(callerId, known.bucket);
    known.bucket = drained(known.bucket, this.#limit, 1);
    known.untold += 1;
  }

  #recall(callerId: string, nowMs: number): Known {
    const known = this.#known.get(callerId) ?? {
      bucket: fullBucket(this.#limit, nowMs),
      untold: 0,
      syncedAtMs: Number.NEGATIVE_INFINITY,
    };
    this.#known.delete(callerId);
    this.#known.set(callerId, known);
    if (this.#known.size > maxCallers) this.#known.delete(this.#known.keys().next().value ?? '');
    return known;
  }

  /** Takes what this instance let through from the shared bucket, and goes on with what is left there. */
  async #sync(callerId: string, known: Known, nowMs: number): Promise<void> {
    const told = known.untold;
    known.syncedAtMs = nowMs;
    known.untold = 0;
    try {
      const previous = await this.#deps.buckets.read(callerId);
      // Its requests are taken as made when the shared bucket was written: both views hold too much at most, so the lower is right.
      const shared = previous && refilled(drained(previous, this.#limit, told), this.#limit, nowMs);
      if (shared && shared.tokens < known.bucket.tokens) known.bucket = shared;
      await this.#deps.buckets.write(callerId, known.bucket, previous);
    } catch (error) {
      // Others wrote meanwhile, or nothing could be written: this time's requests are told with the next.
      known.untold += told;
      if (!(error instanceof AppError && error.kind === 'conflict')) this.#deps.onFailure(error);
    }
  }

  #exceeded(callerId: string, bucket: Bucket): AppError {
    const retryAfterSeconds = Math.ceil(secondsToWait(bucket, this.#limit));
    return new AppError(
      'throttled',
      'RateExceeded',
      `'${callerId}' asks more often than ${this.#limit.requestsPerSecond} times a second. Ask again in ${retryAfterSeconds} s, send several metrics in one request (log_batch), or ask an operator for a higher throttles.requestsPerSecondPerCaller.`,
      { retryAfterSeconds },
    );
  }
}
