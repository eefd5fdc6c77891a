import type { Throttle } from './model.ts';

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Token buckets as API Gateway throttles: `burstLimit` tokens at most, `rateLimit` new ones a second. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one token of the bucket of that name; false when it is empty. A missing limit is no limit; a rate of 0 lets nothing pass. */
  take(name: string, throttle: Throttle): boolean {
    if (throttle.rateLimit === undefined && throttle.burstLimit === undefined) return true;
    const rate = throttle.rateLimit ?? Number.POSITIVE_INFINITY;
    const capacity = throttle.burstLimit ?? Math.max(1, Math.ceil(rate));
    if (rate === 0 || capacity === 0) return false;
    const nowMs = this.#now();
    const bucket = this.#buckets.get(name) ?? { tokens: capacity, filledAtMs: nowMs };
    const gained = ((nowMs - bucket.filledAtMs) / 1000) * rate;
    bucket.tokens = Math.min(capacity, bucket.tokens + (Number.isNaN(gained) ? 0 : gained));
    bucket.filledAtMs = nowMs;
    this.#buckets.set(name, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
