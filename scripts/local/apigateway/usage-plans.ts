import type { KeyStore } from './key-store.ts';
import type { ApiKey, UsagePlan } from './model.ts';
import type { TokenBuckets } from './token-buckets.ts';

/** What a key may do with a method now. */
export type KeyDecision =
  | { readonly kind: 'allowed'; readonly key: ApiKey }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'quota-exceeded' };

/** The method that a key is used for. */
export interface KeyUse {
  readonly apiId: string;
  readonly stage: string;
  readonly resourcePath: string;
  readonly httpMethod: string;
}

/** Checks API keys against the usage plans: membership, the throttle of the plan or of the method in it, and the quota. */
export class UsagePlans {
  readonly plans = new Map<string, UsagePlan>();
  readonly #keys: KeyStore;
  readonly #buckets: TokenBuckets;
  readonly #now: () => number;

  constructor(keys: KeyStore, buckets: TokenBuckets, now: () => number) {
    this.#keys = keys;
    this.#buckets = buckets;
    this.#now = now;
  }

  /** Uses a key once. A key counts only with a plan that has both the key and the stage. */
  use(value: string | undefined, use: KeyUse): KeyDecision {
    const key = value === undefined ? undefined : this.#keys.byValue(value);
    if (key === undefined || !key.enabled) return { kind: 'invalid' };
    for (const plan of this.plans.values()) {
      const stage = plan.stages.find(({ apiId, stage: name }) => apiId === use.apiId && name === use.stage);
      if (stage === undefined || !this.#keys.keysOfPlan(plan.id).includes(key.id)) continue;
      const method = stage.throttles[`${use.resourcePath}/${use.httpMethod}`];
      const bucket = `plan ${plan.id} ${key.id}${method === undefined ? '' : ` ${use.resourcePath}/${use.httpMethod}`}`;
      if (!this.#buckets.take(bucket, method ?? plan.throttle)) return { kind: 'throttled' };
      return this.#takeQuota(plan, key) ? { kind: 'allowed', key } : { kind: 'quota-exceeded' };
    }
    return { kind: 'invalid' };
  }

  #takeQuota(plan: UsagePlan, key: ApiKey): boolean {
    if (plan.quota === undefined) return true;
    const prefix = `${plan.id} ${key.id} `;
    const counter = `${prefix}${periodStart(plan.quota.period, plan.quota.offset, this.#now())}`;
    if (this.#keys.used(counter) >= plan.quota.limit) return false;
    this.#keys.count(counter, prefix);
    return true;
  }
}

/** First day (UTC) of the quota period that a time lies in; `offset` days shift the start of weeks (0 = Sunday) and months. */
export function periodStart(period: 'DAY' | 'WEEK' | 'MONTH', offset: number, timeMs: number): string {
  const day = new Date(timeMs);
  if (period === 'WEEK') day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() - offset + 7) % 7));
  if (period === 'MONTH') {
    if (day.getUTCDate() <= offset) day.setUTCMonth(day.getUTCMonth() - 1, 1);
    day.setUTCDate(1 + offset);
  }
  return day.toISOString().slice(0, 10);
}
