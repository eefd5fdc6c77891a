import { describe, expect, it } from 'vitest';
import type { Caller } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { batchOf, createTraces, incompressible, span, told, traceIdOf } from '#test/doubles/traces.ts';
import { tagged } from '../domain/trace-tags.ts';
import { traceErasure } from '../store/trace-erasure.ts';
import { deleteTraces } from './delete-traces.ts';
import { readTraces, readWholeTrace, readWholeTraces } from './trace-spans.ts';
import { changeTrace, keepSpans, linkPrompts, linkTracesToRun, readTrace, tellTrace } from './traces.ts';

const caller = (role: Role, project = 'wine'): Caller => ({ id: 'ann', grants: [{ project, role }] });
const scientist = caller('scientist');
const home = { experimentId: '1' };
const failsWith = (code: string) => expect.objectContaining({ code });

describe('spans', () => {
  it('come back root first, then by start, whichever request brought them', async () => {
    const { deps } = createTraces();
    await keepSpans(deps, scientist, home, [batchOf(1, [span(1, 3, { parent: 1, startMs: 1002 })])]);
    await keepSpans(deps, scientist, home, [
      batchOf(1, [span(1, 2, { parent: 1, startMs: 1001 }), span(1, 1, { startMs: 1003 })]),
    ]);
    const { spans, trace } = await readWholeTrace(deps, scientist, traceIdOf(1), false);
    expect(spans.map(({ name }) => name)).toEqual(['span 1', 'span 2', 'span 3']);
    expect(trace).toMatchObject({ state: 'OK', requestTimeMs: 1001, experimentId: '1' });
  });

  it('are kept once when a request is repeated, and as they were last said', async () => {
    const { deps, table, clock } = createTraces();
    const batch = batchOf(1, [span(1, 1), span(1, 2, { parent: 1 })]);
    await keepSpans(deps, scientist, home, [batch]);
    const before = table.items().length;
    await keepSpans(deps, scientist, home, [batch]);
    expect(table.items()).toHaveLength(before);
    clock.advanceSeconds(1);
    await keepSpans(deps, scientist, home, [batchOf(1, [span(1, 2, { parent: 1, name: 'again' })])]);
    const { spans } = await readWholeTrace(deps, scientist, traceIdOf(1), false);
    expect(spans.map(({ name }) => name)).toEqual(['span 1', 'again']);
  });

  it('go to a file where they are too big for the table', async () => {
    const { deps, files } = createTraces();
    const big = { key: 'big', value: { string_value: incompressible(500_000) } };
    await keepSpans(deps, scientist, home, [batchOf(1, [span(1, 1, { attributes: [big] })])]);
    expect([...files.keys()]).toEqual([
      expect.stringMatching(`^1/traces/${traceIdOf(1)}/spans/[0-9a-f]{32}$`),
    ]);
    const { spans } = await readWholeTrace(deps, scientist, traceIdOf(1), false);
    expect(spans[0]?.attributes).toEqual([big]);
  });

  it('are waited for as long as the client said that there are more, and then not answered in part', async () => {
    const { deps, pauses } = createTraces();
    const metadata = { 'mlflow.trace.sizeStats': '{"num_spans": 2}' };
    await tellTrace(deps, scientist, told(1, { metadata }));
    await keepSpans(deps, scientist, home, [batchOf(1, [span(1, 1)])]);
    await expect(readWholeTrace(deps, scientist, traceIdOf(1), false)).rejects.toThrow(
      'is not fully exported yet',
    );
    expect(pauses).toEqual([300, 1200]);
    expect((await readWholeTrace(deps, scientist, traceIdOf(1), true)).spans).toHaveLength(1);
    expect(await readWholeTraces(deps, scientist, [traceIdOf(1)], [])).toEqual([]);
    await keepSpans(deps, scientist, home, [batchOf(1, [span(1, 2, { parent: 1 })])]);
    expect(await readWholeTraces(deps, scientist, [traceIdOf(1)], [])).toHaveLength(1);
  });

  it('are with the client where it put them into a file itself', async () => {
    const { deps } = createTraces();
    await tellTrace(deps, scientist, told(1));
    await expect(readWholeTrace(deps, scientist, traceIdOf(1), true)).rejects.toThrow(
      failsWith('SpansElsewhere'),
    );
  });

  it('of one trace that come at the same time lose nothing, and are counted once', async () => {
    const { deps } = createTraces();
    const usage = (tokens: number) => ({
      key: 'mlflow.chat.tokenUsage',
      value: {
        string_value: JSON.stringify({ input_tokens: tokens, output_tokens: 0, total_tokens: tokens }),
      },
    });
    const spans = Array.from({ length: 8 }, (_none, i) =>
      span(1, i + 1, { ...(i > 0 ? { parent: 1 } : {}), attributes: i > 0 ? [usage(i)] : [] }),
    );
    await Promise.all(spans.map((one) => keepSpans(deps, scientist, home, [batchOf(1, [one])])));
    const whole = await readWholeTrace(deps, scientist, traceIdOf(1), false);
    expect(whole.spans).toHaveLength(8);
    expect(JSON.parse(whole.trace.metadata['mlflow.trace.tokenUsage']!)).toMatchObject({ total_tokens: 28 });
  });

  it('can be linked to a run on their way in', async () => {
    const { deps } = createTraces();
    await keepSpans(deps, scientist, { ...home, runId: 'r1' }, [batchOf(1, [span(1, 1)])]);
    expect(await readTrace(deps, scientist, traceIdOf(1))).toMatchObject({ runIds: ['r1'] });
    const unknown = keepSpans(deps, scientist, { ...home, runId: 'r9' }, [batchOf(2, [span(2, 1)])]);
    await expect(unknown).rejects.toThrow(failsWith('RunNotFound'));
  });
});

describe('a trace', () => {
  it('takes what many write at the same time', async () => {
    const { deps } = createTraces();
    await tellTrace(deps, scientist, told(1));
    const keys = Array.from({ length: 10 }, (_none, i) => `key ${i}`);
    await Promise.all(
      keys.map((key) => changeTrace(deps, scientist, traceIdOf(1), (one) => tagged(one, key, 'x'))),
    );
    const { tags } = await readTrace(deps, scientist, traceIdOf(1));
    expect(Object.keys(tags).filter((key) => key.startsWith('key'))).toHaveLength(10);
  });

  it('asks its writers to come again where too many write', async () => {
    const { deps } = createTraces((table) => ({
      ...table,
      put: async (item, options) => {
        if (item.sk === 'TRACE' && options?.otherwise) throw options.otherwise;
        await table.put(item, options);
      },
    }));
    await expect(tellTrace(deps, scientist, told(1))).rejects.toMatchObject({
      kind: 'throttled',
      code: 'TraceBusy',
    });
  });

  it('is refused where it would not fit into the table', async () => {
    const { deps } = createTraces();
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_none, i) => [`t${i}`, 'x'.repeat(8000)]));
    await expect(tellTrace(deps, scientist, told(1, { tags }))).rejects.toThrow(failsWith('TraceTooLarge'));
  });

  it('moves to the experiment that its client names last', async () => {
    const { deps } = createTraces();
    await keepSpans(deps, scientist, home, [batchOf(1, [span(1, 1)])]);
    await tellTrace(deps, scientist, told(1, { experimentId: '2' }));
    await keepSpans(deps, scientist, home, [batchOf(1, [span(1, 2, { parent: 1 })])]);
    expect(await readTrace(deps, scientist, traceIdOf(1))).toMatchObject({
      experimentId: '2',
      tags: { 'mlflow.artifactLocation': `mlflow-artifacts:/2/traces/${traceIdOf(1)}/artifacts` },
    });
  });

  it('is linked to runs and prompts, each once', async () => {
    const { deps } = createTraces();
    await tellTrace(deps, scientist, told(1));
    for (let i = 0; i < 2; i++) {
      await linkTracesToRun(deps, scientist, [traceIdOf(1), 'tr-unknown'], 'r1');
      await linkPrompts(deps, scientist, traceIdOf(1), ['p/1', 'q/2']);
    }
    const trace = await readTrace(deps, scientist, traceIdOf(1));
    expect(trace).toMatchObject({ runIds: ['r1'], prompts: ['p/1', 'q/2'] });
    const many = Array.from({ length: 101 }, (_none, i) => traceIdOf(i));
    await expect(linkTracesToRun(deps, scientist, many, 'r1')).rejects.toThrow(
      'Cannot link more than 100 traces',
    );
  });
});

describe('who may', () => {
  const seeded = async () => {
    const traces = createTraces();
    await tellTrace(traces.deps, caller('scientist', 'beer'), told(1, { experimentId: '3' }));
    return traces;
  };

  it('see a trace at all: others are told that there is none', async () => {
    const { deps } = await seeded();
    const traceId = traceIdOf(1);
    const notFound = failsWith('TraceNotFound');
    await expect(readTrace(deps, scientist, traceId)).rejects.toThrow(notFound);
    await expect(readWholeTrace(deps, scientist, traceId, true)).rejects.toThrow(notFound);
    await expect(changeTrace(deps, scientist, traceId, (one) => one)).rejects.toThrow(notFound);
    await expect(tellTrace(deps, scientist, told(1))).rejects.toThrow(notFound);
    await expect(keepSpans(deps, scientist, home, [batchOf(1, [span(1, 1)])])).rejects.toThrow(notFound);
    expect(await readTraces(deps, scientist, [traceId], [])).toEqual([]);
    await linkTracesToRun(deps, scientist, [], 'r1');
    await expect(linkTracesToRun(deps, scientist, [traceId], 'r1')).rejects.toThrow(notFound);
    expect(await readTrace(deps, caller('viewer', '*'), traceId)).toMatchObject({
      experimentId: '3',
      tags: {},
    });
  });

  it('write: scientists, not viewers', async () => {
    const { deps } = await seeded();
    const viewer = caller('viewer', '*');
    const refused = failsWith('RoleMissing');
    await expect(tellTrace(deps, viewer, told(2))).rejects.toThrow(refused);
    await expect(keepSpans(deps, viewer, home, [batchOf(2, [span(2, 1)])])).rejects.toThrow(refused);
    await expect(changeTrace(deps, viewer, traceIdOf(1), (one) => one)).rejects.toThrow(refused);
    const deletion = { experimentId: '3', maxTimestampMs: 1, maxTraces: undefined, traceIds: [] };
    await expect(deleteTraces(deps, viewer, deletion)).rejects.toThrow(refused);
  });

  it('nobody writes to an experiment that is deleted or unknown', async () => {
    const { deps } = createTraces();
    await expect(tellTrace(deps, scientist, told(1, { experimentId: '4' }))).rejects.toThrow(
      failsWith('ExperimentDeleted'),
    );
    await expect(keepSpans(deps, scientist, { experimentId: '9' }, [])).rejects.toThrow(
      failsWith('ExperimentNotFound'),
    );
  });
});

describe('deleting traces', () => {
  const deletion = {
    experimentId: '1',
    maxTimestampMs: undefined,
    maxTraces: undefined,
    traceIds: [] as string[],
  };

  it('leaves nothing of them, in the table or as files', async () => {
    const { deps, table, files } = createTraces();
    const big = { key: 'big', value: { string_value: incompressible(500_000) } };
    await keepSpans(deps, scientist, home, [batchOf(1, [span(1, 1, { attributes: [big] })])]);
    await keepSpans(deps, scientist, home, [batchOf(1, [span(1, 2, { parent: 1 })])]);
    // The trace moves on: its first spans stay where they are.
    await tellTrace(deps, scientist, told(1, { experimentId: '2' }));
    files.set(`2/traces/${traceIdOf(1)}/artifacts/traces.json`, Buffer.from('{}'));
    files.set(`1/traces/${traceIdOf(1)}0/artifacts/a`, Buffer.from('of another trace'));
    const traceIds = [traceIdOf(1), 'tr-unknown'];
    expect(await deleteTraces(deps, scientist, { ...deletion, traceIds })).toBe(0);
    expect(await deleteTraces(deps, scientist, { ...deletion, experimentId: '2', traceIds })).toBe(1);
    expect(table.items()).toEqual([]);
    expect([...files.keys()]).toEqual([`1/traces/${traceIdOf(1)}0/artifacts/a`]);
  });

  it('of a whole experiment, bounded parts at a time, leaves those of others', async () => {
    const { deps, table } = createTraces();
    for (const trace of [1, 2, 3]) await keepSpans(deps, scientist, home, [batchOf(trace, [span(trace, 1)])]);
    await tellTrace(deps, scientist, told(4, { experimentId: '2' }));
    const erasure = traceErasure(table, '1');
    const removed = [await erasure.erase(4), await erasure.erase(4), await erasure.erase(4)];
    expect(removed).toEqual([4, 2, 0]);
    expect(table.items().map(({ pk }) => pk)).toEqual([`TRACE#${traceIdOf(4)}`]);
  });

  it('takes the oldest first', async () => {
    const { deps } = createTraces();
    for (const trace of [1, 2, 3, 4]) {
      await tellTrace(deps, scientist, told(trace, { requestTimeMs: 10 * trace }));
    }
    const upTo = { ...deletion, maxTimestampMs: 30 };
    expect(await deleteTraces(deps, scientist, { ...upTo, maxTraces: 2 })).toBe(2);
    const ids = [1, 2, 3, 4].map(traceIdOf);
    const left = async () => (await readTraces(deps, scientist, ids, [])).map(({ traceId }) => traceId);
    expect(await left()).toEqual([traceIdOf(3), traceIdOf(4)]);
    expect(await deleteTraces(deps, scientist, upTo)).toBe(1);
    expect(await left()).toEqual([traceIdOf(4)]);
  });

  it.each([
    [{}, 'Either `max_timestamp_millis` or `trace_ids` must be specified.'],
    [{ maxTimestampMs: 1, traceIds: ['a'] }, 'Only one of `max_timestamp_millis` and `trace_ids`'],
    [{ maxTraces: 1, traceIds: ['a'] }, "`max_traces` can't be specified if `trace_ids` is specified."],
    [{ maxTimestampMs: 1, maxTraces: 0 }, '`max_traces` must be a positive integer, received 0.'],
  ])('says what to name: %j', async (parts, message) => {
    const { deps } = createTraces();
    await expect(deleteTraces(deps, scientist, { ...deletion, ...parts })).rejects.toThrow(message);
  });
});
