import type * as z from 'zod';
import { AwsError } from '../emulated-service.ts';
import { metricIdOf, periodStarts, QueryPlan } from './metric-query.ts';
import type { MetricId, MetricStore } from './metric-store.ts';
import { statisticOf } from './statistics.ts';
import type { getMetricDataInput, getMetricStatisticsInput, putMetricDataInput } from './wire-input.ts';

/** PutMetricData: single values, value lists with counts, and statistic sets. @throws AwsError InvalidParameterCombination */
export function recordMetricData(
  store: MetricStore,
  input: z.output<typeof putMetricDataInput>,
  nowMs: number,
  onData: (id: MetricId) => void,
): void {
  for (const datum of input.MetricData) {
    const id = metricIdOf({ Namespace: input.Namespace, ...datum });
    const timestampMs = datum.Timestamp === undefined ? nowMs : datum.Timestamp * 1000;
    const { Value, Values, Counts, StatisticValues } = datum;
    if ([Value, Values, StatisticValues].filter((given) => given !== undefined).length !== 1) {
      throw new AwsError(
        'InvalidParameterCombination',
        `Exactly one of Value, Values and StatisticValues must be given for ${datum.MetricName}.`,
      );
    }
    if (StatisticValues !== undefined) {
      const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = StatisticValues;
      store.record(id, datum.Unit, timestampMs, { statistics: { count, sum, min, max } });
    }
    const values = Values ?? (Value === undefined ? [] : [Value]);
    for (const [index, value] of values.entries()) {
      store.record(id, datum.Unit, timestampMs, { value, count: Counts?.[index] ?? 1 });
    }
    onData(id);
  }
}

/** GetMetricData: the values of metrics and expressions by period. */
export function readMetricData(store: MetricStore, input: z.output<typeof getMetricDataInput>): object {
  const plan = new QueryPlan(input.MetricDataQueries, store);
  const results = plan.queries
    .filter(({ ReturnData }) => ReturnData)
    .map((query) => {
      const starts = periodStarts(input.StartTime * 1000, input.EndTime * 1000, plan.periodSeconds(query));
      const points = starts
        .map((startMs) => ({ startMs, value: plan.valueAt(query, startMs) }))
        .filter((point): point is { startMs: number; value: number } => point.value !== undefined);
      if (input.ScanBy === 'TimestampDescending') points.reverse();
      const shown = points.slice(0, input.MaxDatapoints);
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
        Timestamps: shown.map(({ startMs }) => startMs / 1000),
        Values: shown.map(({ value }) => value),
        StatusCode: 'Complete',
      };
    });
  return { MetricDataResults: results, Messages: [] };
}

/** GetMetricStatistics: chosen statistics of one metric by period. @throws AwsError MissingParameter without any */
export function readMetricStatistics(
  store: MetricStore,
  input: z.output<typeof getMetricStatisticsInput>,
): object {
  if (input.Statistics.length + input.ExtendedStatistics.length === 0) {
    throw new AwsError('MissingParameter', 'Must specify either Statistics or ExtendedStatistics.');
  }
  const id = metricIdOf(input);
  const datapoints = periodStarts(input.StartTime * 1000, input.EndTime * 1000, input.Period).flatMap(
    (startMs) => {
      const aggregate = store.aggregate(id, startMs, startMs + input.Period * 1000);
      if (aggregate === undefined) return [];
      const basic = input.Statistics.map((name) => [name, statisticOf(name, aggregate)] as const);
      const extended = input.ExtendedStatistics.map((name) => [name, statisticOf(name, aggregate)] as const);
      return [
        {
          Timestamp: startMs / 1000,
          Unit: store.unitOf(id),
          ...Object.fromEntries(basic),
          ...(extended.length > 0 && { ExtendedStatistics: Object.fromEntries(extended) }),
        },
      ];
    },
  );
  return { Label: input.MetricName, Datapoints: datapoints };
}
