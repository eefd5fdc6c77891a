import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { writeFileAtomically } from '../durable/journal.ts';

/** Data points older than this are forgotten. */
export const retentionMs = 3 * 60 * 60 * 1000;
/** Different values that one second keeps for percentiles; further ones count only in sum, minimum and maximum. */
const maxValuesPerSecond = 150;

/** What names a series of data points. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Values of a stretch of time, enough for every statistic. */
export interface Aggregate {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** How often each value occurred. */
  readonly values: ReadonlyMap<number, number>;
}

/** A sample to record: one value that occurred `count` times, or a ready-made statistic set. */
export type Sample =
  | { readonly value: number; readonly count: number }
  | { readonly statistics: { count: number; sum: number; min: number; max: number } };

interface Bucket {
  count: number;
  sum: number;
  min: number;
  max: number;
  readonly values: Map<number, number>;
}

interface Series {
  readonly id: MetricId;
  unit: string;
  /** By second since the epoch. */
  readonly buckets: Map<number, Bucket>;
}

const fileSchema = z.array(
  z.object({
    namespace: z.string(),
    name: z.string(),
    dimensions: z.record(z.string(), z.string()),
    unit: z.string(),
    /** [second, count, sum, min, max, [value, count][]] */
    buckets: z.array(
      z.tuple([
        z.number(),
        z.number(),
        z.number(),
        z.number(),
        z.number(),
        z.array(z.tuple([z.number(), z.number()])),
      ]),
    ),
  }),
);

/** Metric data at a resolution of one second, in memory, for the last three hours. */
export class MetricStore {
  readonly #series = new Map<string, Series>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  record(id: MetricId, unit: string | undefined, timestampMs: number, sample: Sample): void {
    if (timestampMs < this.#now() - retentionMs) return;
    const key = seriesKey(id);
    const series = this.#series.get(key) ?? { id, unit: unit ?? 'None', buckets: new Map<number, Bucket>() };
    this.#series.set(key, series);
    if (unit !== undefined) series.unit = unit;
    const second = Math.floor(timestampMs / 1000);
    const bucket = series.buckets.get(second) ?? emptyBucket();
    series.buckets.set(second, bucket);
    merge(bucket, aggregateOf(sample), maxValuesPerSecond);
  }

  list(): readonly MetricId[] {
    return [...this.#series.values()].map(({ id }) => id);
  }

  unitOf(id: MetricId): string {
    return this.#series.get(seriesKey(id))?.unit ?? 'None';
  }

  /** The values from `startMs` to before `endMs`; undefined when there are none. */
  aggregate(id: MetricId, startMs: number, endMs: number): Aggregate | undefined {
    const series = this.#series.get(seriesKey(id));
    if (series === undefined) return undefined;
    const total = emptyBucket();
    for (let second = Math.ceil(startMs / 1000); second < endMs / 1000; second += 1) {
      const bucket = series.buckets.get(second);
      if (bucket !== undefined) merge(total, bucket, Number.POSITIVE_INFINITY);
    }
    return total.count === 0 ? undefined : total;
  }

  /** Drops what is too old, and series that are empty then. */
  prune(): void {
    const oldest = (this.#now() - retentionMs) / 1000;
    for (const [key, series] of this.#series) {
      for (const second of series.buckets.keys()) if (second < oldest) series.buckets.delete(second);
      if (series.buckets.size === 0) this.#series.delete(key);
    }
  }

  save(file: string): void {
    this.prune();
    const content: z.output<typeof fileSchema> = [...this.#series.values()].map(({ id, unit, buckets }) => ({
      namespace: id.namespace,
      name: id.name,
      dimensions: { ...id.dimensions },
      unit,
      buckets: [...buckets].map(([second, { count, sum, min, max, values }]) => [
        second,
        count,
        sum,
        min,
        max,
        [...values],
      ]),
    }));
    writeFileAtomically(file, JSON.stringify(content));
  }

  /** @throws Error naming the file when it is damaged */
  load(file: string): void {
    if (!existsSync(file)) return;
    let content: z.output<typeof fileSchema>;
    try {
      content = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (cause) {
      throw new Error(`${file} is damaged. Delete it (recent metrics are lost) or start with --fresh.`, {
        cause,
      });
    }
    for (const { namespace, name, dimensions, unit, buckets } of content) {
      const id = { namespace, name, dimensions };
      const entries = buckets.map(
        ([second, count, sum, min, max, values]) =>
          [second, { count, sum, min, max, values: new Map(values) }] as const,
      );
      this.#series.set(seriesKey(id), { id, unit, buckets: new Map(entries) });
    }
    this.prune();
  }
}

/** Identity of a series: dimensions in any order are the same series. */
export function seriesKey({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function emptyBucket(): Bucket {
  return {
    count: 0,
    sum: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    values: new Map(),
  };
}

function aggregateOf(sample: Sample): Aggregate {
  if ('statistics' in sample) return { ...sample.statistics, values: new Map() };
  const { value, count } = sample;
  return { count, sum: value * count, min: value, max: value, values: new Map([[value, count]]) };
}

function merge(into: Bucket, from: Aggregate, maxValues: number): void {
  into.count += from.count;
  into.sum += from.sum;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  for (const [value, count] of from.values) {
    const known = into.values.get(value);
    if (known !== undefined || into.values.size < maxValues) into.values.set(value, (known ?? 0) + count);
  }
}
