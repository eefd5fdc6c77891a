import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '#shared/contracts/caller.ts';
import { batchOf, createTraces, span, told, traceIdOf } from '#test/doubles/traces.ts';
import type { Assessment, Trace } from '../domain/trace.ts';
import { searchTraces, type TraceSearch } from './search-traces.ts';
import { timeBoundsOf } from './trace-record.ts';
import { keepSpans, type TraceDeps, tellTrace } from './traces.ts';

const scientist: Caller = { id: 'ann', grants: [{ project: 'wine', role: 'scientist' }] };
const everybody: Caller = { id: 'eve', grants: [{ project: '*', role: 'scientist' }] };
const all: TraceSearch = {
  experimentIds: ['1', '2', '3'],
  filter: undefined,
  orderBy: [],
  maxResults: 100,
  pageToken: undefined,
};

async function numbersFound(
  deps: TraceDeps,
  search: Partial<TraceSearch>,
  caller = scientist,
): Promise<number[]> {
  const numbers: number[] = [];
  let pageToken: string | undefined;
  do {
    const page = await searchTraces(deps, caller, { ...all, ...search, pageToken });
    numbers.push(...page.items.map(({ traceId }) => Number.parseInt(traceId.slice(-8), 16)));
    pageToken = page.nextPageToken;
  } while (pageToken);
  return numbers;
}

async function seeded(traces: readonly Trace[]) {
  const created = createTraces();
  for (const trace of traces) await tellTrace(created.deps, everybody, trace);
  return created;
}

describe('a search of traces', () => {
  it('answers each once, newest first and of one moment by id, whatever the page', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        times,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (ms, maxResults, ascending) => {
          const { deps } = await seeded(
            ms.map((requestTimeMs, i) => told(i, { requestTimeMs, experimentId: String((i % 2) + 1) })),
          );
          const orderBy = ascending ? ['timestamp ASC'] : [];
          const sign = ascending ? 1 : -1;
          const expected = ms
            .map((time, i) => [time, i] as const)
            .sort((a, b) => sign * (a[0] - b[0]) || a[1] - b[1])
            .map(([, i]) => i);
          expect(await numbersFound(deps, { maxResults, orderBy })).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('skips and repeats nothing while others write', async () => {
    const { deps } = await seeded([10, 20, 30, 40].map((requestTimeMs, i) => told(i, { requestTimeMs })));
    const first = await searchTraces(deps, scientist, { ...all, maxResults: 2 });
    await tellTrace(deps, scientist, told(9, { requestTimeMs: 50 }));
    const { nextPageToken } = first;
    const second = await searchTraces(deps, scientist, { ...all, maxResults: 9, pageToken: nextPageToken });
    expect([...first.items, ...second.items].map(({ requestTimeMs }) => requestTimeMs)).toEqual([
      40, 30, 20, 10,
    ]);
  });

  it('sorts by whatever else is asked for', async () => {
    const { deps } = await seeded(
      [30, 10, 20].map((executionDurationMs, i) => told(i, { executionDurationMs })),
    );
    expect(await numbersFound(deps, { orderBy: ['execution_time DESC'], maxResults: 2 })).toEqual([0, 2, 1]);
  });

  it('leaves out experiments that the caller may not see, or that are not there', async () => {
    const { deps } = await seeded([told(1), told(3, { experimentId: '3' })]);
    expect(await numbersFound(deps, { experimentIds: ['3', '1', '9', '1'] })).toEqual([1]);
    expect(await numbersFound(deps, { experimentIds: ['3', '1'] }, everybody)).toEqual([1, 3]);
  });

  const judged: Assessment = {
    assessmentId: 'a-1',
    name: 'quality',
    source: { sourceType: 'HUMAN', sourceId: 'bob' },
    createTimeMs: 1,
    lastUpdateTimeMs: 1,
    said: { kind: 'feedback', value: 4 },
    metadata: {},
    valid: true,
  };

  it.each([
    ["status = 'ERROR'", [2]],
    ["attributes.status != 'ERROR'", [1, 3, 4]],
    ["tags.lang = 'de'", [1]],
    ["name = 'agent'", [2]],
    ["metadata.`mlflow.trace.session` = 's1'", [3]],
    ["client_request_id = 'c4'", [4]],
    [`request_id IN ('${traceIdOf(1)}', '${traceIdOf(4)}')`, [1, 4]],
    ["run_id = 'r1'", [2, 3]],
    ["prompt = 'p/1'", [1]],
    ['execution_time_ms > 25', [4]],
    ['end_time_ms >= 1090', [4]],
    ['feedback.quality >= 4', [1]],
    ['feedback.quality IS NOT NULL', [1]],
    ["expectation.quality = '4'", []],
    ["span.name = 'model'", [3]],
    ["span.type = 'LLM' AND span.name = 'model' AND status = 'OK'", [3]],
    ["span.type = 'LLM' AND span.name = 'other'", []],
    ["span.attributes.temperature = '0.5'", [3]],
    ["trace.text LIKE '%tokyo%'", [3]],
    ["trace.text ILIKE '%TOKYO%' AND status = 'ERROR'", []],
  ])('finds by %s', async (filter, numbers) => {
    const { deps } = await seeded([
      told(1, {
        tags: { lang: 'de' },
        assessments: [judged, { ...judged, assessmentId: 'a-2', name: 'old', valid: false }],
      }),
      told(2, {
        state: 'ERROR',
        tags: { 'mlflow.traceName': 'agent' },
        metadata: { 'mlflow.sourceRun': 'r1' },
      }),
      told(3, { metadata: { 'mlflow.trace.session': 's1' } }),
      told(4, { clientRequestId: 'c4', executionDurationMs: 90 }),
    ]);
    await deps.store.change(traceIdOf(1), (trace) => ({ ...trace!, prompts: ['p/1'] }));
    const attributes = [
      { key: 'mlflow.spanType', value: { string_value: 'LLM' } },
      { key: 'temperature', value: { double_value: 0.5 } },
      { key: 'city', value: { string_value: 'tokyo' } },
    ];
    const spans = [span(3, 1, { name: 'other' }), span(3, 2, { parent: 1, name: 'model', attributes })];
    await keepSpans(deps, scientist, { experimentId: '1', runId: 'r1' }, [batchOf(3, spans)]);
    expect(await numbersFound(deps, { filter })).toEqual(numbers);
  });

  it('reads spans only of traces that pass all else', async () => {
    const { deps } = await seeded([told(1), told(2, { state: 'ERROR' })]);
    const asked: string[] = [];
    const store = {
      ...deps.store,
      spans: async (traceId: string) => {
        asked.push(traceId);
        return deps.store.spans(traceId);
      },
    };
    await numbersFound({ ...deps, store }, { filter: "span.name = 'x' AND status = 'ERROR'" });
    expect(asked).toEqual([traceIdOf(2)]);
  });

  it('reads no further than the times that its filter names', async () => {
    const { deps } = await seeded([10, 20, 30, 40].map((requestTimeMs, i) => told(i, { requestTimeMs })));
    const ranges: { fromMs: number; toMs: number }[] = [];
    const store = {
      ...deps.store,
      list: (range: Parameters<typeof deps.store.list>[0]) => {
        ranges.push(range);
        return deps.store.list(range);
      },
    };
    expect(
      await numbersFound({ ...deps, store }, { filter: 'timestamp_ms > 10 AND trace.timestamp < 40' }),
    ).toEqual([2, 1]);
    expect(ranges).toEqual([expect.objectContaining({ fromMs: 10, toMs: 40 })]);
  });

  it('ends a page early, with a token, where it takes long', async () => {
    const { deps, clock } = await seeded([10, 20, 30].map((requestTimeMs, i) => told(i, { requestTimeMs })));
    const store = {
      ...deps.store,
      async *list(range: Parameters<typeof deps.store.list>[0]) {
        for await (const trace of deps.store.list(range)) {
          yield trace;
          clock.advanceSeconds(10);
        }
      },
    };
    const page = await searchTraces({ ...deps, store }, scientist, { ...all, filter: "status = 'ERROR'" });
    expect(page).toMatchObject({ items: [], nextPageToken: expect.any(String) });
    expect(await numbersFound({ ...deps, store }, { filter: "status = 'OK'" })).toEqual([2, 1, 0]);
  });

  it('takes no token of another search', async () => {
    const { deps } = await seeded([told(1), told(2)]);
    const { nextPageToken: pageToken } = await searchTraces(deps, scientist, { ...all, maxResults: 1 });
    const other = { ...all, maxResults: 1, pageToken };
    for (const search of [
      { ...other, filter: "status = 'OK'" },
      { ...other, experimentIds: ['1'] },
      { ...other, pageToken: 'x' },
    ]) {
      await expect(searchTraces(deps, scientist, search)).rejects.toThrow(
        expect.objectContaining({ code: 'InvalidPageToken' }),
      );
    }
  });
});

describe('the times that a filter names', () => {
  it.each([
    ['timestamp > 5', 5, 999_999_999_999_999],
    ['attributes.timestamp_ms <= 7', 0, 7],
    ["timestamp >= '3' AND timestamp < 9 AND timestamp > 4", 4, 9],
    ['timestamp = 6', 6, 6],
    ['timestamp != 6', 0, 999_999_999_999_999],
    ['timestamp < -5', 0, 0],
    ['end_time > 5', 0, 999_999_999_999_999],
    ["tags.timestamp = '5'", 0, 999_999_999_999_999],
    ["span.timestamp = '5'", 0, 999_999_999_999_999],
  ])('%s', (filter, fromMs, toMs) => {
    expect(timeBoundsOf(filter)).toEqual({ fromMs, toMs });
  });
});
