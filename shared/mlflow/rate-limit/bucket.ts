/** How often a caller may ask. */
export interface RateLimit {
  readonly requestsPerSecond: number;
  /** Requests that a caller who was quiet may make at once. */
  readonly burst: number;
}

/** A token bucket: every request takes a token, and new ones come at a steady rate. */
export interface Bucket {
  /** Below zero where more was taken than there was, which comes of several instances that learn late of each other. */
  readonly tokens: number;
  readonly filledAtMs: number;
}

/** Nobody waits longer for what was taken too much. */
const maxDebtSeconds = 10;

export const fullBucket = ({ burst }: RateLimit, nowMs: number): Bucket => ({
  tokens: burst,
  filledAtMs: nowMs,
});

/** The bucket as it is at a later time; a clock that goes backwards fills nothing. */
export function refilled(bucket: Bucket, limit: RateLimit, nowMs: number): Bucket {
  const seconds = Math.max(0, nowMs - bucket.filledAtMs) / 1000;
  return {
    tokens: Math.min(limit.burst, bucket.tokens + seconds * limit.requestsPerSecond),
    filledAtMs: Math.max(bucket.filledAtMs, nowMs),
  };
}

/** The bucket after requests that were let through. */
export function drained(bucket: Bucket, limit: RateLimit, requests: number): Bucket {
  const floor = -maxDebtSeconds * limit.requestsPerSecond;
  return { ...bucket, tokens: Math.max(floor, bucket.tokens - requests) };
}

export const letsThrough = ({ tokens }: Bucket): boolean => tokens >= 1;

/** Seconds until a bucket lets the next request through. */
export const secondsToWait = ({ tokens }: Bucket, { requestsPerSecond }: RateLimit): number =>
  Math.max(0, 1 - tokens) / requestsPerSecond;
