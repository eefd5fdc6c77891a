import { AppError } from '#shared/kernel/errors.ts';

export const metricViews = ['TRACES', 'SPANS', 'ASSESSMENTS'] as const;
export type MetricView = (typeof metricViews)[number];
export const aggregationTypes = ['COUNT', 'SUM', 'AVG', 'PERCENTILE', 'MIN', 'MAX'] as const;
export type AggregationType = (typeof aggregationTypes)[number];

export interface Aggregation {
  readonly type: AggregationType;
  /** 0 to 100, of a PERCENTILE alone. */
  readonly percentile?: number | undefined;
}

/** One trace, span or assessment as its metric sees it. */
export interface Measured {
  /** What is counted (a text) or calculated with. */
  readonly value: number | string;
  /** Milliseconds since 1970, for buckets of time. */
  readonly atMs: number;
  readonly dimensions: Readonly<Record<string, string | undefined>>;
}

export interface DataPoint {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}

interface Metric {
  readonly aggregations: readonly AggregationType[];
  readonly dimensions: readonly string[];
}

const counted: readonly AggregationType[] = ['COUNT'];
const spread: readonly AggregationType[] = ['AVG', 'MIN', 'MAX', 'PERCENTILE'];
const amounts: readonly AggregationType[] = ['SUM', ...spread];
const tokens: Metric = { aggregations: amounts, dimensions: ['trace_name'] };
const models = ['span_model_name', 'span_model_provider'];
const cost: Metric = { aggregations: amounts, dimensions: models };

/** What can be asked (MLflow 3.17: SQL store), by view and metric. */
const metrics: Readonly<Record<MetricView, Readonly<Record<string, Metric>>>> = {
  TRACES: {
    trace_count: { aggregations: counted, dimensions: ['trace_name', 'trace_status'] },
    session_count: { aggregations: counted, dimensions: [] },
    latency: { aggregations: spread, dimensions: ['trace_name'] },
    input_tokens: tokens,
    output_tokens: tokens,
    total_tokens: tokens,
    cache_read_input_tokens: tokens,
    cache_creation_input_tokens: tokens,
  },
  SPANS: {
    span_count: { aggregations: counted, dimensions: ['span_name', 'span_type', 'span_status', ...models] },
    latency: { aggregations: spread, dimensions: ['span_name', 'span_status'] },
    input_cost: cost,
    output_cost: cost,
    total_cost: cost,
  },
  ASSESSMENTS: {
    assessment_count: { aggregations: counted, dimensions: ['assessment_name', 'assessment_value'] },
    assessment_value: { aggregations: spread, dimensions: ['assessment_name'] },
  },
};

/** Throws MetricUnknown for what cannot be asked, in the words of MLflow's server. */
export function assertMetric(
  view: MetricView,
  metric: string,
  aggregations: readonly Aggregation[],
  dimensions: readonly string[],
): void {
  const known = Object.hasOwn(metrics[view], metric) ? metrics[view][metric] : undefined;
  if (!known) {
    throw unknown(`metric_name must be one of ${shown(Object.keys(metrics[view]))}, got '${metric}'`);
  }
  const wrong = aggregations.map(({ type }) => type).filter((type) => !known.aggregations.includes(type));
  if (wrong.length > 0) {
    throw unknown(
      `Found invalid aggregation_type(s): ${shown(wrong)}. Supported aggregation types: ${shown(known.aggregations)}`,
    );
  }
  const strange = dimensions.filter((dimension) => !known.dimensions.includes(dimension));
  if (strange.length > 0) {
    throw unknown(
      `Found invalid dimension(s): ${shown(strange)}. Supported dimensions: ${shown(known.dimensions)}`,
    );
  }
  for (const { type, percentile } of aggregations) {
    if ((type === 'PERCENTILE') === (percentile !== undefined)) continue;
    throw unknown('Each PERCENTILE needs a percentile_value from 0 to 100, and nothing else has one.');
  }
}

const unknown = (message: string): AppError => new AppError('invalid_input', 'MetricUnknown', message);
const shown = (names: readonly string[]): string =>
  `[${[...names]
    .sort()
    .map((name) => `'${name}'`)
    .join(', ')}]`;

/** Groups by dimensions and buckets of time; what lacks a dimension is left out. Points come by time, then by dimensions. */
export function dataPoints(
  measured: readonly Measured[],
  aggregations: readonly Aggregation[],
  dimensions: readonly string[],
  bucketSeconds: number | undefined,
): DataPoint[] {
  const groups = new Map<string, { dimensions: Record<string, string>; values: (number | string)[] }>();
  if (dimensions.length === 0 && bucketSeconds === undefined)
    groups.set('[]', { dimensions: {}, values: [] });
  for (const { value, atMs, dimensions: given } of measured) {
    const entries = dimensions.map((name) => [name, given[name]] as const);
    if (entries.some(([, text]) => text === undefined)) continue;
    const bucket =
      bucketSeconds === undefined ? [] : [['time_bucket', bucketOf(atMs, bucketSeconds)] as const];
    const group = Object.fromEntries([...bucket, ...entries]) as Record<string, string>;
    const key = JSON.stringify(Object.values(group));
    const found = groups.get(key) ?? { dimensions: group, values: [] };
    groups.set(key, found);
    found.values.push(value);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({ dimensions: group.dimensions, values: valuesOf(group.values, aggregations) }))
    .filter(({ values }) => Object.keys(values).length > 0);
}

/** The beginning of the bucket, as Python writes a time of UTC. */
function bucketOf(atMs: number, seconds: number): string {
  const size = seconds * 1000;
  const start = new Date(Math.floor(atMs / size) * size);
  return `${start.toISOString().slice(0, 19)}+00:00`;
}

function valuesOf(values: readonly (number | string)[], aggregations: readonly Aggregation[]) {
  const numbers = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  const found = aggregations.map((aggregation) => [
    nameOf(aggregation),
    aggregation.type === 'COUNT' ? values.length : aggregated(numbers, aggregation),
  ]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Record<string, number>;
}

/** `P99.0`: percentiles are named as Python writes a float. */
const nameOf = ({ type, percentile }: Aggregation): string =>
  type === 'PERCENTILE' ? `P${Number.isInteger(percentile) ? `${percentile}.0` : percentile}` : type;

/** Of numbers in ascending order; undefined where there are none. */
function aggregated(numbers: readonly number[], { type, percentile = 0 }: Aggregation): number | undefined {
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, number) => total + number, 0);
  switch (type) {
    case 'SUM':
      return sum;
    case 'AVG':
      return sum / numbers.length;
    case 'MIN':
      return numbers[0];
    case 'MAX':
      return numbers.at(-1);
    case 'PERCENTILE': {
      // Between the two nearest ranks: method 7 of Hyndman and Fan, as NumPy and PostgreSQL do.
      const rank = (percentile / 100) * (numbers.length - 1);
      const below = Math.floor(rank);
      const low = numbers[below]!;
      return low + (rank - below) * ((numbers[below + 1] ?? low) - low);
    }
    case 'COUNT':
      return numbers.length;
  }
}
