import { describe, expect, it } from 'vitest';
import type { Caller } from '#shared/contracts/caller.ts';
import { batchOf, createTraces, span, told } from '#test/doubles/traces.ts';
import type { KeyValue } from '../domain/spans.ts';
import type { Assessment } from '../domain/trace.ts';
import { correlation } from '../domain/trace-correlation.ts';
import type { MetricView } from '../domain/trace-metrics.ts';
import { measuredFilters } from './trace-measures.ts';
import { countJointly, type MetricQuery, queryTraceMetrics } from './trace-metrics.ts';
import { keepSpans, tellTrace } from './traces.ts';

const scientist: Caller = { id: 'ann', grants: [{ project: 'wine', role: 'scientist' }] };
const everything = (['SUM', 'AVG', 'MIN', 'MAX'] as const).map((type) => ({ type }));
const percentiles = [50, 99.9].map((percentile) => ({ type: 'PERCENTILE' as const, percentile }));

const text = (key: string, value: string): KeyValue => ({ key, value: { string_value: value } });
const judged = (name: string, value: unknown): Assessment => ({
  assessmentId: `a-${name}`,
  name,
  source: { sourceType: 'HUMAN', sourceId: 'bob' },
  createTimeMs: 1,
  lastUpdateTimeMs: 1,
  said: { kind: 'feedback', value },
  metadata: {},
  valid: name !== 'overridden',
});

/** Ten traces, one every 30 seconds, the first and sixth failed, of two names and three sessions, each with a span of a model. */
async function seeded() {
  const { deps, clock } = createTraces();
  for (let i = 0; i < 10; i++) {
    const requestTimeMs = 30_000 * i;
    const usage = JSON.stringify({ input_tokens: i, output_tokens: 2, total_tokens: i + 2 });
    await tellTrace(
      deps,
      scientist,
      told(i, {
        requestTimeMs,
        executionDurationMs: 100 + i * 10,
        state: i % 5 === 0 ? 'ERROR' : 'OK',
        tags: { 'mlflow.traceName': `n${i % 2}` },
        metadata: { 'mlflow.trace.session': `s${i % 3}`, 'mlflow.trace.tokenUsage': usage },
        assessments: [
          judged('ok', i % 2 === 0),
          judged('score', i),
          judged('judge', i < 3 ? 'Yes' : 'no'),
          judged('overridden', 9),
        ],
      }),
    );
    const attributes = [
      text('mlflow.spanType', 'LLM'),
      text('mlflow.llm.model', `m${i % 2}`),
      text('mlflow.llm.cost', JSON.stringify({ input_cost: i / 2, total_cost: 1 + i / 2 })),
    ];
    const child = span(i, 2, { parent: 1, name: 'llm', startMs: requestTimeMs + 1, attributes });
    await keepSpans(deps, scientist, { experimentId: '1' }, [
      batchOf(i, [span(i, 1, { startMs: requestTimeMs }), child]),
    ]);
  }
  const ask = (
    view: MetricView,
    metric: string,
    { filterTexts = [], ...parts }: Partial<MetricQuery> & { filterTexts?: string[] } = {},
  ) =>
    queryTraceMetrics(deps, scientist, {
      experimentIds: ['1'],
      view,
      metric,
      aggregations: [{ type: 'COUNT' }],
      dimensions: [],
      filters: measuredFilters(view, filterTexts),
      bucketSeconds: undefined,
      fromMs: undefined,
      toMs: undefined,
      maxResults: 1000,
      ...parts,
    });
  return { deps, clock, ask };
}

const valuesOf = async (points: ReturnType<typeof queryTraceMetrics>) =>
  (await points).map(({ dimensions, values }) => [...Object.values(dimensions), ...Object.values(values)]);

describe('metrics of traces', () => {
  it('count, by name and state', async () => {
    const { ask } = await seeded();
    expect(await ask('TRACES', 'trace_count')).toEqual([{ dimensions: {}, values: { COUNT: 10 } }]);
    expect(
      await valuesOf(ask('TRACES', 'trace_count', { dimensions: ['trace_name', 'trace_status'] })),
    ).toEqual([
      ['n0', 'ERROR', 1],
      ['n0', 'OK', 4],
      ['n1', 'ERROR', 1],
      ['n1', 'OK', 4],
    ]);
  });

  it('count each session once in its bucket of time', async () => {
    const { ask } = await seeded();
    expect(await valuesOf(ask('TRACES', 'session_count'))).toEqual([[3]]);
    const minutes = { bucketSeconds: 60, fromMs: 0, toMs: 119_999 };
    expect(await valuesOf(ask('TRACES', 'session_count', minutes))).toEqual([
      ['1970-01-01T00:00:00+00:00', 2],
      ['1970-01-01T00:01:00+00:00', 2],
    ]);
    await expect(ask('TRACES', 'session_count', { bucketSeconds: 60 })).rejects.toThrow(
      'start_time_ms and end_time_ms are required if time_interval_seconds is set',
    );
  });

  it('calculate with tokens and times, between the ranks where a percentile lies there', async () => {
    const { ask } = await seeded();
    const aggregations = [...everything, ...percentiles];
    expect(await ask('TRACES', 'input_tokens', { aggregations })).toEqual([
      {
        dimensions: {},
        values: { SUM: 45, AVG: 4.5, MIN: 0, MAX: 9, 'P50.0': 4.5, 'P99.9': expect.closeTo(8.991, 9) },
      },
    ]);
    const filterTexts = ["trace.status = 'OK'", "trace.tag.`mlflow.traceName` = 'n1'"];
    expect(await valuesOf(ask('TRACES', 'latency', { aggregations: percentiles, filterTexts }))).toEqual([
      [150, expect.closeTo(189.94, 9)],
    ]);
    expect(await ask('TRACES', 'cache_read_input_tokens', { aggregations })).toEqual([]);
  });

  it('look into spans', async () => {
    const { ask } = await seeded();
    const dimensions = ['span_name', 'span_type'];
    // The root has no type.
    expect(await valuesOf(ask('SPANS', 'span_count', { dimensions }))).toEqual([['llm', 'LLM', 10]]);
    const costs = { aggregations: everything, dimensions: ['span_model_name'] };
    expect(await valuesOf(ask('SPANS', 'total_cost', costs))).toEqual([
      ['m0', 15, 3, 1, 5],
      ['m1', 17.5, 3.5, 1.5, 5.5],
    ]);
    const early = {
      aggregations: everything,
      fromMs: 30_001,
      toMs: 90_001,
      filterTexts: ["span.name = 'llm'"],
    };
    expect(await valuesOf(ask('SPANS', 'input_cost', early))).toEqual([[3, 1, 0.5, 1.5]]);
  });

  it('take what people and judges said for numbers where it is one, a yes or a no', async () => {
    const { ask } = await seeded();
    const byName = { aggregations: everything.slice(1), dimensions: ['assessment_name'] };
    expect(await valuesOf(ask('ASSESSMENTS', 'assessment_value', byName))).toEqual([
      ['judge', 0.3, 0, 1],
      ['ok', 0.5, 0, 1],
      ['score', 4.5, 0, 9],
    ]);
    const dimensions = ['assessment_value'];
    const filterTexts = ["assessment.name = 'ok'", "assessment.type = 'feedback'"];
    expect(await valuesOf(ask('ASSESSMENTS', 'assessment_count', { dimensions, filterTexts }))).toEqual([
      ['false', 5],
      ['true', 5],
    ]);
  });

  it.each([
    ['TRACES', 'nothing', {}, "metric_name must be one of ['cache_creation_input_tokens',"],
    ['TRACES', 'trace_count', { aggregations: everything }, 'Found invalid aggregation_type(s)'],
    ['TRACES', 'trace_count', { dimensions: ['span_name'] }, "Found invalid dimension(s): ['span_name']"],
    ['TRACES', 'latency', { aggregations: [{ type: 'PERCENTILE' }] }, 'needs a percentile_value'],
  ] as const)('say what can be asked: %s %s %j', async (view, metric, parts, message) => {
    const { ask } = await seeded();
    await expect(ask(view, metric, parts)).rejects.toThrow(message);
  });

  it.each([
    ['TRACES', "span.name = 'llm'"],
    ['TRACES', "trace.status != 'OK'"],
    ['TRACES', "trace.tag = 'x'"],
    ['TRACES', 'trace.status = 5'],
    ['SPANS', "span.name = 'a' AND span.type = 'b'"],
    ['ASSESSMENTS', "assessment.constructor = 'x'"],
  ] as const)('have filters of one comparison: %s %s', (view, filter) => {
    expect(() => measuredFilters(view, [filter])).toThrow(
      expect.objectContaining({ code: 'MetricFilterInvalid' }),
    );
  });

  it('give up, and say so, where there is too much to read', async () => {
    const { deps, clock, ask } = await seeded();
    const { list } = deps.store;
    deps.store.list = async function* (range) {
      for await (const trace of list(range)) {
        clock.advanceSeconds(10);
        yield trace;
      }
    };
    await expect(ask('TRACES', 'trace_count')).rejects.toMatchObject({
      code: 'QueryTooWide',
      kind: 'invalid_input',
    });
  });
});

describe('the correlation of two filters', () => {
  it('counts traces that pass each and both, among those that pass a third', async () => {
    const { deps } = await seeded();
    const filters = { first: "status = 'OK'", second: 'feedback.score > 4', base: "name = 'n1'" };
    const counts = await countJointly(deps, scientist, { experimentIds: ['1', '3'], ...filters });
    expect(counts).toEqual({ total: 5, first: 4, second: 3, both: 2 });
  });

  it.each([
    [{ total: 10, first: 8, second: 5, both: 4 }, 0, 0],
    [{ total: 10, first: 8, second: 2, both: 0 }, -1, -0.47327],
    [{ total: 10, first: 10, second: 10, both: 10 }, 1, 1],
    [{ total: 10, first: 5, second: 5, both: 5 }, 1, 0.7769],
  ])('of %j is %s, smoothed %s', (counts, npmi, smoothed) => {
    const found = correlation(counts);
    expect(found.npmi).toBeCloseTo(npmi, 4);
    expect(found.smoothed).toBeCloseTo(smoothed, 3);
  });

  it('is not a number where a filter passes nothing', () => {
    for (const total of [0, 10]) {
      const none = { npmi: Number.NaN, smoothed: Number.NaN };
      expect(correlation({ total, first: total, second: 0, both: 0 })).toEqual(none);
    }
  });
});
