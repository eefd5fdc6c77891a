import * as z from 'zod';
import { AwsError } from '../emulated-service.ts';
import { compileMath, type MathValue } from './metric-math.ts';
import type { MetricId, MetricStore } from './metric-store.ts';
import { isStatistic, statisticOf } from './statistics.ts';

const dimensionSchema = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);
export const periodSchema = z
  .number()
  .int()
  .refine((seconds) => [1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0), {
    message: 'must be 1, 5, 10, 20, 30 or a multiple of 60 seconds',
  });
export const statisticSchema = z.string().refine(isStatistic, {
  message: 'must be SampleCount, Sum, Average, Minimum, Maximum or a percentile such as p99',
});

/** A metric or expression as GetMetricData and alarms name it. */
export const querySchema = z.object({
  Id: z.string().regex(/^[a-z][A-Za-z0-9_]*$/),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
  Expression: z.string().optional(),
  Period: periodSchema.optional(),
  AccountId: z.string().optional(),
  MetricStat: z
    .object({
      Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensionSchema }),
      Period: periodSchema,
      Stat: statisticSchema,
      Unit: z.string().optional(),
    })
    .optional(),
});
export type MetricQuery = z.output<typeof querySchema>;

/** A set of queries in which expressions may name the others. */
export class QueryPlan {
  readonly queries: readonly MetricQuery[];
  readonly #store: MetricStore;
  readonly #evaluators = new Map<string, (startMs: number) => MathValue>();

  /** @throws AwsError ValidationError for an unknown id or one that needs itself; NotImplemented for math that is not imitated */
  constructor(queries: readonly MetricQuery[], store: MetricStore) {
    this.queries = queries;
    this.#store = store;
    const metricIds = queries.filter(({ MetricStat }) => MetricStat !== undefined).map(({ Id }) => Id);
    for (const query of queries) assertAcyclic(query, queries, []);
    for (const query of queries) this.#evaluators.set(query.Id, this.#compile(query, metricIds));
  }

  /** The length of a query's periods in seconds: its own, or the longest of those that an expression may use. */
  periodSeconds(query: MetricQuery): number {
    if (query.MetricStat !== undefined) return query.MetricStat.Period;
    return query.Period ?? Math.max(60, ...this.queries.map(({ MetricStat }) => MetricStat?.Period ?? 0));
  }

  /** The value of a query in the period that begins at `startMs`. */
  valueAt(query: MetricQuery, startMs: number): MathValue {
    return this.#evaluators.get(query.Id)?.(startMs);
  }

  #compile(query: MetricQuery, metricIds: readonly string[]): (startMs: number) => MathValue {
    const { MetricStat, Expression } = query;
    if (MetricStat !== undefined) {
      const id = metricIdOf(MetricStat.Metric);
      return (startMs) => {
        const aggregate = this.#store.aggregate(id, startMs, startMs + MetricStat.Period * 1000);
        return aggregate && statisticOf(MetricStat.Stat, aggregate);
      };
    }
    if (Expression === undefined) {
      throw new AwsError('ValidationError', `The query ${query.Id} has neither MetricStat nor Expression.`);
    }
    const math = compileMath(Expression, metricIds);
    const used = this.queries.filter((other) => uses(query, other) || metricIds.includes(other.Id));
    return (startMs) => math.evaluate(new Map(used.map((other) => [other.Id, this.valueAt(other, startMs)])));
  }
}

function uses(query: MetricQuery, other: MetricQuery): boolean {
  return query.Expression !== undefined && new RegExp(`\\b${other.Id}\\b`).test(query.Expression);
}

/** @throws AwsError ValidationError when an expression needs its own value */
function assertAcyclic(query: MetricQuery, all: readonly MetricQuery[], path: readonly string[]): void {
  if (path.includes(query.Id)) {
    throw new AwsError('ValidationError', `The expression of ${query.Id} uses itself.`);
  }
  for (const other of all) if (uses(query, other)) assertAcyclic(other, all, [...path, query.Id]);
}

/** A metric as the API writes it. */
export function metricIdOf(metric: {
  Namespace: string;
  MetricName: string;
  Dimensions: readonly { Name: string; Value: string }[];
}): MetricId {
  return {
    namespace: metric.Namespace,
    name: metric.MetricName,
    dimensions: Object.fromEntries(metric.Dimensions.map(({ Name, Value }) => [Name, Value])),
  };
}

/** The beginnings of the periods of a length that lie in a range of time, oldest first. */
export function periodStarts(startMs: number, endMs: number, periodSeconds: number): readonly number[] {
  const periodMs = periodSeconds * 1000;
  const first = Math.floor(startMs / periodMs) * periodMs;
  const count = Math.max(0, Math.ceil((endMs - first) / periodMs));
  if (count > 100_800) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The range and period ask for more than 100,800 data points.',
    );
  }
  return Array.from({ length: count }, (_, index) => first + index * periodMs);
}
