import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '#shared/contracts/caller.ts';
import { exportedTrace } from '#test/fixtures/otlp/exported-trace.ts';
import { incompressible } from '../doubles/traces.ts';
import { RunningPlatform } from './running-platform.ts';

/** Traces as MLflow's clients and exporters of OpenTelemetry write and read them: by HTTP, under the deployed role. */
const platform = new RunningPlatform();
let experimentId = '';

interface Answer {
  readonly error_code?: string;
  readonly experiment_id: string;
  readonly trace: { readonly trace_info: TraceInfo; readonly spans: readonly { readonly name: string }[] };
  readonly traces: readonly TraceInfo[];
  readonly next_page_token?: string;
  readonly traces_deleted: number;
  readonly assessment: { readonly assessment_id: string };
}
interface TraceInfo {
  readonly trace_id: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly assessments: readonly { readonly assessment_name: string }[];
}

const send = async (method: string, path: string, body?: unknown): Promise<[number, Answer]> => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${platform.runtime.endpoints.platformUrl}${path}`, init);
  return [answer.status, (await answer.json()) as Answer];
};
const v2 = '/api/2.0/mlflow/traces';
const v3 = '/api/3.0/mlflow/traces';

const exportSpans = (body: BodyInit, headers: Record<string, string>) =>
  fetch(`${platform.runtime.endpoints.platformUrl}/v1/traces`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-protobuf', 'x-mlflow-experiment-id': experimentId, ...headers },
  });

const otlpId = (number: number, digits: number) => number.toString(16).padStart(digits, '0');
const traceIdOf = (trace: number) => `tr-${otlpId(trace, 32)}`;
const exportSpan = (trace: number, id: number, parts: object = {}) => {
  const span = {
    traceId: otlpId(trace, 32),
    spanId: otlpId(id, 16),
    name: `span ${id}`,
    startTimeUnixNano: `${1_700_000_000_000 + trace}000000`,
    endTimeUnixNano: `${1_700_000_000_010 + trace}000000`,
    ...parts,
  };
  const request = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
  return exportSpans(JSON.stringify(request), { 'content-type': 'application/json' });
};
const traceInfo = (trace: number, parts: object = {}) => ({
  trace_id: traceIdOf(trace),
  trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } },
  request_time: new Date(1_700_000_000_000 + trace).toISOString(),
  execution_duration: '0.010s',
  state: 'OK',
  ...parts,
});
const search = (parts: object = {}) =>
  send('POST', `${v3}/search`, {
    locations: [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } }],
    ...parts,
  });

beforeAll(async () => {
  await platform.start();
  const [, created] = await send('POST', '/api/2.0/mlflow/experiments/create', { name: 'traced' });
  experimentId = created.experiment_id;
});
afterAll(() => platform.close());

describe('spans of an exporter', () => {
  it('become a trace, packed or not', async () => {
    for (const [body, headers] of [
      [exportedTrace, {}],
      [gzipSync(exportedTrace), { 'content-encoding': 'gzip' }],
    ] as const) {
      const answer = await exportSpans(new Uint8Array(body), headers);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-protobuf']);
      expect((await answer.arrayBuffer()).byteLength).toBe(0);
    }
    const traceId = 'tr-5b8efff798038103d269b633813fc60c';
    const [status, { trace }] = await send('GET', `${v3}/get?trace_id=${traceId}&allow_partial=False`);
    expect(status).toBe(200);
    expect(trace.spans.map(({ name }) => name)).toEqual(['root', 'child']);
    expect(trace.trace_info).toMatchObject({
      trace_id: traceId,
      state: 'ERROR',
      request_time: '2018-12-13T14:51:00.123Z',
      tags: { 'service.name': 'shop', 'mlflow.trace.spansLocation': 'TRACKING_STORE' },
    });
  });

  it('are refused as a mistake of their sender, which no client repeats', async () => {
    const answers = await Promise.all([
      exportSpans('garbage', {}),
      exportSpans(new Uint8Array(exportedTrace), { 'x-mlflow-experiment-id': '' }),
      exportSpans(new Uint8Array(exportedTrace), { 'x-mlflow-experiment-id': '1234' }),
      exportSpans(new Uint8Array(exportedTrace), { 'x-mlflow-run-id': 'none' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 404, 404]);
  });

  it('of half a megabyte that no compression makes smaller come back whole, packed', async () => {
    const text = incompressible(600_000);
    await exportSpan(77, 1, { attributes: [{ key: 'big', value: { stringValue: text } }] });
    const { platformUrl } = platform.runtime.endpoints;
    const answer = await fetch(`${platformUrl}${v3}/get?trace_id=${traceIdOf(77)}`);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toContain(text);
    const [, deleted] = await send('POST', `${v3}/delete-traces`, {
      experiment_id: experimentId,
      request_ids: [traceIdOf(77)],
    });
    expect(deleted).toEqual({ traces_deleted: 1 });
    expect((await send('GET', `${v3}/${traceIdOf(77)}`))[0]).toBe(404);
  });
});

describe('a trace', () => {
  it('loses nothing of what many say of it at the same time', async () => {
    const writes = [
      send('POST', v3, { trace: { trace_info: traceInfo(1, { tags: { told: 'yes' } }) } }),
      ...[1, 2, 3].map((id) => exportSpan(1, id, id === 1 ? {} : { parentSpanId: otlpId(1, 16) })),
    ];
    await Promise.all(writes);
    const assessment = (name: string) => ({
      assessment_name: name,
      source: { source_type: 'HUMAN', source_id: 'bob' },
      feedback: { value: 4 },
    });
    const names = ['a', 'b', 'c', 'd'];
    const changes = await Promise.all(
      names.flatMap((name) => [
        send('PATCH', `${v2}/${traceIdOf(1)}/tags`, { key: name, value: name }),
        send('POST', `${v3}/${traceIdOf(1)}/assessments`, { assessment: assessment(name) }),
      ]),
    );
    expect(changes.map(([status]) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const [, { trace }] = await send('GET', `${v3}/get?trace_id=${traceIdOf(1)}`);
    expect(trace.spans).toHaveLength(3);
    expect(trace.trace_info.tags).toMatchObject({ told: 'yes', a: 'a', b: 'b', c: 'c', d: 'd' });
    expect(trace.trace_info.assessments.map((one) => one.assessment_name).sort()).toEqual(names);
  });

  it('is found by what was said of it, page by page', async () => {
    const later = [2, 3, 4, 5].map((trace) =>
      send('POST', v3, { trace: { trace_info: traceInfo(trace, { tags: { round: 'two' } }) } }),
    );
    expect((await Promise.all(later)).map(([status]) => status)).toEqual([200, 200, 200, 200]);
    const found: string[] = [];
    let page_token: string | undefined;
    do {
      const [, page] = await search({ filter: "tags.round = 'two'", max_results: 3, page_token });
      found.push(...page.traces.map(({ trace_id }) => trace_id));
      page_token = page.next_page_token;
    } while (page_token);
    expect(found).toEqual([5, 4, 3, 2].map(traceIdOf));
    const [, judged] = await search({ filter: "feedback.a > 3 AND span.name = 'span 2'" });
    expect(judged.traces.map(({ trace_id }) => trace_id)).toEqual([traceIdOf(1)]);
  });

  it.each([
    ['POST', `${v3}/search`, { locations: [], max_results: 501 }],
    ['POST', `${v3}/search`, { locations: [], filter: 'a ? b' }],
    ['POST', `${v3}/search`, { locations: [], order_by: ['nothing'] }],
    ['POST', v3, { trace: { trace_info: { trace_id: 'tr-1' } } }],
    ['PATCH', `${v3}/${traceIdOf(1)}/tags`, { key: 'mlflow.trace.spansLocation', value: 'x' }],
    ['POST', `${v2}/delete-traces`, { experiment_id: '1' }],
  ])('%s %s of %j is a mistake of the caller', async (method, path, body) => {
    expect(await send(method, path, body)).toEqual([
      400,
      expect.objectContaining({ error_code: 'INVALID_PARAMETER_VALUE' }),
    ]);
  });
});

describe('people of another project', () => {
  const eve: Caller = { id: 'eve', grants: [{ project: 'elsewhere', role: 'admin' }] };
  const asEve = async (method: string, path: string, body?: unknown) => {
    const answer = (await platform.invoke('tracking', 'mlflow', {
      version: '2.0',
      rawPath: path.split('?')[0],
      rawQueryString: path.split('?')[1] ?? '',
      headers: {},
      body: body && JSON.stringify(body),
      isBase64Encoded: false,
      requestContext: { http: { method }, authorizer: { lambda: { identity: JSON.stringify(eve) } } },
    })) as { statusCode: number; body: string };
    return [answer.statusCode, JSON.parse(answer.body) as Answer] as const;
  };

  it('learn nothing of a trace and change nothing', async () => {
    const traceId = traceIdOf(1);
    const source = { source_type: 'HUMAN', source_id: 'eve' };
    const assessment = { assessment_name: 'x', source, feedback: { value: 1 } };
    const answers = await Promise.all([
      asEve('GET', `${v3}/${traceId}`),
      asEve('GET', `${v3}/get?trace_id=${traceId}`),
      asEve('PATCH', `${v3}/${traceId}/tags`, { key: 'a', value: 'b' }),
      asEve('POST', `${v3}/${traceId}/assessments`, { assessment }),
      asEve('POST', `${v3}/delete-traces`, { experiment_id: experimentId, request_ids: [traceId] }),
    ]);
    expect(answers.map(([status]) => status)).toEqual([404, 404, 404, 404, 404]);
    const locations = [{ mlflow_experiment: { experiment_id: experimentId } }];
    expect(await asEve('POST', `${v3}/search`, { locations })).toEqual([200, { traces: [] }]);
    expect(await asEve('GET', `${v3}/batchGet?trace_ids=${traceId}`)).toEqual([200, { traces: [] }]);
  });
});

describe('clients before MLflow 3', () => {
  it('begin a trace, end it and find it', async () => {
    const [, begun] = await send('POST', v2, {
      experiment_id: experimentId,
      timestamp_ms: '1800000000000',
      tags: [{ key: 'old', value: 'yes' }],
    });
    const { request_id } = (begun as unknown as { trace_info: { request_id: string } }).trace_info;
    const end = {
      timestamp_ms: 1_800_000_000_250,
      status: 'OK',
      request_metadata: [{ key: 'm', value: '1' }],
    };
    await send('PATCH', `${v2}/${request_id}`, end);
    const expected = {
      request_id,
      experiment_id: experimentId,
      timestamp_ms: 1_800_000_000_000,
      execution_time_ms: 250,
      status: 'OK',
      request_metadata: [{ key: 'm', value: '1' }],
      tags: [
        { key: 'old', value: 'yes' },
        {
          key: 'mlflow.artifactLocation',
          value: `mlflow-artifacts:/${experimentId}/traces/${request_id}/artifacts`,
        },
      ],
    };
    expect(await send('GET', `${v2}/${request_id}/info`)).toEqual([200, { trace_info: expected }]);
    const query = new URLSearchParams({ experiment_ids: experimentId, filter: "tags.old = 'yes'" });
    expect(await send('GET', `${v2}?${query.toString()}`)).toEqual([200, { traces: [expected] }]);
  });
});

describe('MLflow’s web page', () => {
  it('reads the spans of a trace as in a file of its client', async () => {
    const traceId = 'tr-5b8efff798038103d269b633813fc60c';
    const [status, data] = await send('GET', `/ajax-api/2.0/mlflow/get-trace-artifact?request_id=${traceId}`);
    expect(status).toBe(200);
    expect(data).toMatchObject({
      spans: [
        {
          parent_span_id: null,
          start_time_unix_nano: '1544712660123456789',
          status: { code: 'STATUS_CODE_ERROR', message: 'boom' },
          attributes: { text: '"ü€😀"', map: '{"k":false}', half: '0.5', none: 'null' },
          links: [{ trace_id: 'tr-00000000000000000000000000000001', span_id: '0000000000000002' }],
        },
        { name: 'child', parent_span_id: '7uGbfsPBsXQ=' },
      ],
    });
  });
});

describe('deleting by time', () => {
  it('leaves nothing older', async () => {
    const bound = 1_700_000_000_003;
    const body = { experiment_id: experimentId, max_timestamp_millis: bound };
    const [, deleted] = await send('POST', `${v2}/delete-traces`, body);
    expect(deleted.traces_deleted).toBe(4);
    const [, left] = await search({ order_by: ['timestamp ASC'] });
    expect(left.traces.map(({ trace_id }) => trace_id).slice(0, 2)).toEqual([4, 5].map(traceIdOf));
  });
});
