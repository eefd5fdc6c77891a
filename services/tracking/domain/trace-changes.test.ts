import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, span, told } from '#test/doubles/traces.ts';
import type { KeyValue, Span } from './spans.ts';
import type { Trace } from './trace.ts';
import { traceToldOf } from './trace-changes.ts';
import { assertMutableTag, tagged, untagged } from './trace-tags.ts';
import { traceWithSpans } from './trace-with-spans.ts';

const home = { experimentId: '1', artifactLocation: 'mlflow-artifacts:/1' };
const madeOf = (spans: readonly Span[], existing?: Trace, all = spans, resource = {}): Trace =>
  traceWithSpans(existing, batchOf(7, spans, resource), home, all);
const text = (key: string, value: string): KeyValue => ({ key, value: { string_value: value } });
const usage = (input: number): KeyValue => ({
  key: 'mlflow.chat.tokenUsage',
  value: {
    kvlist_value: {
      values: [
        { key: 'input_tokens', value: { int_value: String(input) } },
        { key: 'output_tokens', value: { int_value: '1' } },
        { key: 'total_tokens', value: { int_value: String(input + 1) } },
      ],
    },
  },
});

describe('a trace made of spans', () => {
  it('lasts from the first start to the last end, and is under way until its root came', () => {
    const first = madeOf([span(7, 2, { parent: 1, startMs: 2000 })]);
    expect(first).toMatchObject({ requestTimeMs: 2000, executionDurationMs: 10, state: 'IN_PROGRESS' });
    const second = madeOf([span(7, 1, { startMs: 1990 }), span(7, 3, { parent: 1, startMs: 2500 })], first);
    expect(second).toMatchObject({ requestTimeMs: 1990, executionDurationMs: 520, state: 'OK' });
  });

  it('failed where its root did', () => {
    const root = span(7, 1, { status: { code: 'STATUS_CODE_ERROR', message: 'boom' } });
    expect(madeOf([root])).toMatchObject({ state: 'ERROR' });
  });

  it('says where its files and its spans are', () => {
    expect(madeOf([span(7, 1)]).tags).toEqual({
      'mlflow.artifactLocation': 'mlflow-artifacts:/1/traces/tr-00000000000000000000000000000007/artifacts',
      'mlflow.trace.spansLocation': 'TRACKING_STORE',
    });
  });

  it('shows what went in and came out: the last words of a chat, or the JSON', () => {
    const messages = JSON.stringify({
      messages: [
        { role: 'user', content: 'first' },
        { role: 'user', content: [{ type: 'text', text: 'and now?' }] },
        { role: 'assistant', content: 'wait' },
      ],
    });
    const outputs: KeyValue = {
      key: 'mlflow.spanOutputs',
      value: { kvlist_value: { values: [{ key: 'y', value: { int_value: '2' } }] } },
    };
    const trace = madeOf([span(7, 1, { attributes: [text('mlflow.spanInputs', messages), outputs] })]);
    expect(trace).toMatchObject({ requestPreview: 'and now?', responsePreview: '{"y":2}' });
  });

  it('cuts a long preview', () => {
    const root = span(7, 1, { attributes: [text('mlflow.spanInputs', 'x'.repeat(2000))] });
    expect(madeOf([root]).requestPreview).toBe(`${'x'.repeat(997)}...`);
  });

  it('takes tags from its root and from what sent it, but none that are the server’s', () => {
    const root = span(7, 1, {
      attributes: [
        text('mlflow.traceTag.lang', 'de'),
        text('mlflow.traceTag.service.name', 'mine'),
        text('mlflow.traceTag.mlflow.trace.spansLocation', 'ELSEWHERE'),
        text('mlflow.traceTag.a\nb', 'no'),
      ],
    });
    const resource = {
      'service.name': 'shop',
      replicas: 3,
      'telemetry.sdk.name': 'x',
      'mlflow.artifactLocation': 's3://evil',
    };
    expect(madeOf([root], undefined, [root], resource).tags).toEqual({
      'mlflow.artifactLocation': 'mlflow-artifacts:/1/traces/tr-00000000000000000000000000000007/artifacts',
      'mlflow.trace.spansLocation': 'TRACKING_STORE',
      'service.name': 'mine',
      replicas: '3',
      lang: 'de',
    });
  });

  it('knows user and session by OpenTelemetry’s conventions', () => {
    const root = span(7, 1, { attributes: [text('session.id', 's1'), text('user.id', 'ann')] });
    expect(madeOf([root]).metadata).toEqual({ 'mlflow.trace.session': 's1', 'mlflow.trace.user': 'ann' });
  });

  it('counts tokens once, where a parent says the sum of its children', () => {
    const spans = [
      span(7, 1),
      span(7, 2, { parent: 1, attributes: [usage(10)] }),
      span(7, 3, { parent: 2, attributes: [usage(4)] }),
      span(7, 4, { parent: 1, attributes: [usage(5)] }),
    ];
    expect(JSON.parse(madeOf(spans).metadata['mlflow.trace.tokenUsage']!)).toEqual({
      input_tokens: 15,
      output_tokens: 2,
      total_tokens: 17,
    });
  });

  it('is the same in whatever order its spans come', () => {
    const spans = [
      span(7, 1, { startMs: 1000, attributes: [text('mlflow.spanInputs', 'hi'), usage(1)] }),
      span(7, 2, { parent: 1, startMs: 1001, attributes: [usage(2)] }),
      span(7, 3, { parent: 9, startMs: 990, attributes: [usage(8)] }),
      span(7, 4, { parent: 2, startMs: 1500 }),
    ];
    const whole = madeOf(spans);
    fc.assert(
      fc.property(fc.shuffledSubarray(spans, { minLength: 4 }), (order) => {
        const seen: Span[] = [];
        let trace: Trace | undefined;
        for (const one of order) {
          seen.push(one);
          trace = madeOf([one], trace, seen);
        }
        expect(trace).toEqual(whole);
      }),
    );
  });
});

describe('what a client tells of a whole trace', () => {
  const complete = told(7, {
    requestTimeMs: 5000,
    executionDurationMs: 1,
    state: 'ERROR',
    metadata: { 'mlflow.trace.tokenUsage': '{"input_tokens":1}', mine: 'yes' },
    tags: { lang: 'de', 'mlflow.trace.spansLocation': 'ELSEWHERE' },
    requestPreview: 'told',
  });
  const root = span(7, 1, { attributes: [usage(100), text('mlflow.spanInputs', 'read')] });

  it('counts more than what its spans say, whichever came first', () => {
    const spansFirst = traceToldOf(madeOf([root]), complete, home.artifactLocation);
    const spansLast = madeOf([root], traceToldOf(undefined, complete, home.artifactLocation));
    for (const trace of [spansFirst, spansLast]) {
      expect(trace).toMatchObject({
        requestTimeMs: 5000,
        executionDurationMs: 1,
        state: 'ERROR',
        requestPreview: 'told',
        metadata: { 'mlflow.trace.tokenUsage': '{"input_tokens":1}', 'mlflow.trace.infoFinalized': 'true' },
        tags: { lang: 'de', 'mlflow.trace.spansLocation': 'TRACKING_STORE' },
      });
    }
    expect(spansLast).toEqual(spansFirst);
  });

  it('changes nothing when it is told again', () => {
    const once = traceToldOf(undefined, complete, home.artifactLocation);
    expect(traceToldOf(once, complete, home.artifactLocation)).toEqual(once);
  });

  it('leaves tags of others and links alone', () => {
    const before = { ...tagged(madeOf([root]), 'color', 'blue'), runIds: ['r1'], prompts: ['p/1'] };
    expect(traceToldOf(before, complete, home.artifactLocation)).toMatchObject({
      tags: { color: 'blue', lang: 'de' },
      runIds: ['r1'],
      prompts: ['p/1'],
    });
  });
});

describe('tags of a trace', () => {
  const trace = told(7, { tags: { a: '1' } });

  it('are set, cut where they are long, and deleted', () => {
    expect(tagged(trace, 'b c/d.e-f_g:h', 'x'.repeat(9000)).tags['b c/d.e-f_g:h']).toHaveLength(8000);
    expect(untagged(trace, 'a').tags).toEqual({});
    expect(() => untagged(trace, 'b')).toThrow(
      `No trace tag with key 'b' for trace with ID '${trace.traceId}'`,
    );
  });

  it.each(['', 'a\n', 'a#b', 'x'.repeat(251)])('have names of MLflow’s letters: %j', (key) => {
    expect(() => tagged(trace, key, '')).toThrow(expect.objectContaining({ code: 'InvalidTagKey' }));
  });

  it('are the server’s where they say where things are', () => {
    expect(() => assertMutableTag('mlflow.trace.spansLocation', 'set')).toThrow(
      "Tag 'mlflow.trace.spansLocation' is immutable and cannot be set on a trace.",
    );
    expect(() => assertMutableTag('mlflow.traceName', 'set')).not.toThrow();
  });
});
