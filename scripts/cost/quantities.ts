import type { StageFacts } from './stage-facts.ts';

/** Quantities by the name of their price, e.g. `lambda.request`. */
export type Quantities = Readonly<Record<string, number>>;
type Counters = Readonly<Record<string, number>>;

const gbBytes = 1024 ** 3;
const monthDays = 365.25 / 12;
const authorizer = 'identity-authorizer';
/** Called by functions or state machines that are traced already: no trace of their own. */
const isPartOfTrace = /-query$|-task-/;

/** How counters become quantities: what the templates say, and how long and how much of what is stored stays. */
export interface Conversion {
  readonly facts: StageFacts;
  /** Months for which stored bytes stay, once a steady state is reached. */
  readonly keptMonths: number;
  /** Data of this size instead of the measured one: what is stored in S3 grows with it. */
  readonly dataScale?: number;
}

/** What `times` of a measured unit are in the units of the price table. Storage is that of a month in which as much goes as comes. */
export function quantitiesOf(unit: Counters, times: number, conversion: Conversion): Quantities {
  const { facts, keptMonths, dataScale = 1 } = conversion;
  const of = (name: string) => (unit[name] ?? 0) * times;
  const logGb = (of('logs.functionBytes') + of('logs.accessBytes') + of('logs.statesBytes')) / gbBytes;
  const tableGbMonths =
    (of('dynamodb.storedBytes') * keptMonths + of('dynamodb.expiringByteMonths')) / gbBytes;
  const archivedGb = of('events.publishedBytes') / gbBytes;
  return {
    ...lambdaQuantities(unit, times, facts),
    'dynamodb.writeUnit': of('dynamodb.writeUnits'),
    'dynamodb.readUnit': of('dynamodb.readUnits'),
    'dynamodb.storedGbMonth': tableGbMonths,
    'dynamodb.recoveryGbMonth': tableGbMonths,
    's3.putRequest': of('s3.putRequests'),
    's3.getRequest': of('s3.getRequests'),
    's3.storedGbMonth': (of('s3.storedBytes') * keptMonths * dataScale) / gbBytes,
    'events.s3': of('s3.events'),
    'events.published': of('events.published'),
    'events.archivedGb': archivedGb,
    'events.archiveGbMonth': (archivedGb * facts.archiveDays) / monthDays,
    'states.transition': of('states.transitions'),
    'api.httpRequest': of('api.httpRequests'),
    'api.restRequest': of('api.restRequests'),
    'transfer.outGb': of('api.responseBytes') / gbBytes,
    'logs.ingestedGb': logGb,
    'logs.storedGbMonth': (logGb * facts.logRetentionDays) / monthDays,
    'xray.trace': tracesOf(unit) * times,
  };
}

/** Of each function that was called: calls, and seconds times its memory. Throws for functions that the stage does not have. */
function lambdaQuantities(unit: Counters, times: number, { functions, stage }: StageFacts): Quantities {
  let [requests, gbSeconds, storageGbSeconds] = [0, 0, 0];
  for (const [name, value] of Object.entries(unit)) {
    const [, fn = '', what] = /^lambda\.(.+)\.(invocations|billedMs)$/.exec(name) ?? [];
    if (what === undefined) continue;
    const size = functions[fn];
    if (!size) {
      throw new Error(
        `The function ${fn} was measured and is not in stage ${stage}: measure again with npm run cost:measure.`,
      );
    }
    if (what === 'invocations') requests += value * times;
    else {
      gbSeconds += ((value * times) / 1000) * size.memoryGb;
      storageGbSeconds += ((value * times) / 1000) * size.extraStorageGb;
    }
  }
  return {
    'lambda.request': requests,
    'lambda.gbSecond': gbSeconds,
    'lambda.ephemeralGbSecond': storageGbSeconds,
  };
}

/**
 * Traces that X-Ray records when it samples everything, which it does up to one request a second and function: one for each call that
 * nobody traced made, for each execution, and for each request to the REST API with all that it calls.
 */
export function tracesOf(unit: Counters): number {
  const calls = Object.entries(unit).reduce((total, [name, value]) => {
    const [, fn] = /^lambda\.(.+)\.invocations$/.exec(name) ?? [];
    return fn === undefined || isPartOfTrace.test(fn) ? total : total + value;
  }, 0);
  const behindRestApi = unit['api.restRequests']
    ? (unit['lambda.predictions-http.invocations'] ?? 0) + (unit[`lambda.${authorizer}.invocations`] ?? 0)
    : 0;
  return calls - behindRestApi + (unit['api.restRequests'] ?? 0) + (unit['states.executions'] ?? 0);
}

/** Milliseconds that the authorizer takes, and the unit without it: API Gateway keeps its answers, the laptop does not. */
export function withoutAuthorizer(unit: Counters): { unit: Counters; callMs: number } {
  const [calls, ms] = [`lambda.${authorizer}.invocations`, `lambda.${authorizer}.billedMs`] as const;
  const rest = Object.fromEntries(Object.entries(unit).filter(([name]) => name !== calls && name !== ms));
  return { unit: rest, callMs: (unit[ms] ?? 0) / (unit[calls] ?? 1) };
}

/** A call of the authorizer as a unit. */
export const authorizerCall = (ms: number): Counters => ({
  [`lambda.${authorizer}.invocations`]: 1,
  [`lambda.${authorizer}.billedMs`]: ms,
});

/** Sums quantities of equal name. */
export function addQuantities(...all: readonly Quantities[]): Quantities {
  const total: Record<string, number> = {};
  for (const quantities of all) {
    for (const [name, value] of Object.entries(quantities)) total[name] = (total[name] ?? 0) + value;
  }
  return total;
}
