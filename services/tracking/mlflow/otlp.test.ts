import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exportedTrace as exported } from '#test/fixtures/otlp/exported-trace.ts';
import { decodeTraces, maxUnpackedBytes } from './otlp.ts';

const traceId = 'tr-5b8efff798038103d269b633813fc60c';
const protobuf = 'application/x-protobuf';
const json = 'application/json';

const decode = (body: Buffer | string | object, contentType = protobuf, contentEncoding?: string) =>
  decodeTraces({
    contentType,
    contentEncoding,
    body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  });

/** OTLP's JSON with one span. */
const request = (span: object, resource: object = {}) => ({
  resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'lib' }, spans: [span] }] }],
});
const ids = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174' };

describe('an OTLP export', () => {
  it('keeps what an exporter of another language said, attribute by attribute', () => {
    const [batch, ...others] = decode(exported);
    expect(others).toEqual([]);
    expect(batch).toMatchObject({ traceId, resource: { 'service.name': 'shop' } });
    expect(batch?.spans[0]).toEqual({
      trace_id: 'W47/95gDgQPSabYzgT/GDA==',
      span_id: '7uGbfsPBsXQ=',
      name: 'root',
      start_time_unix_nano: '1544712660123456789',
      end_time_unix_nano: '1544712661000000001',
      attributes: [
        { key: 'text', value: { string_value: 'ü€😀' } },
        { key: 'empty', value: { string_value: '' } },
        { key: 'yes', value: { bool_value: true } },
        { key: 'big', value: { int_value: '-9007199254740993' } },
        { key: 'half', value: { double_value: 0.5 } },
        { key: 'nan', value: { double_value: 'NaN' } },
        { key: 'bytes', value: { bytes_value: 'AP8=' } },
        { key: 'none' },
        { key: 'list', value: { array_value: { values: [{ int_value: '1' }, { string_value: 'a' }] } } },
        { key: 'map', value: { kvlist_value: { values: [{ key: 'k', value: { bool_value: false } }] } } },
        { key: 'mlflow.traceRequestId', value: { string_value: traceId } },
      ],
      events: [
        {
          time_unix_nano: '1544712660500000000',
          name: 'exception',
          attributes: [{ key: 'exception.type', value: { string_value: 'ValueError' } }],
        },
      ],
      links: [{ trace_id: 'AAAAAAAAAAAAAAAAAAAAAQ==', span_id: 'AAAAAAAAAAI=' }],
      status: { message: 'boom', code: 'STATUS_CODE_ERROR' },
    });
    expect(batch?.spans[1]).toMatchObject({ name: 'child', parent_span_id: '7uGbfsPBsXQ=' });
  });

  it.each([
    ['gzip', gzipSync(exported)],
    ['GZIP', gzipSync(exported)],
    ['deflate', deflateSync(exported)],
    ['deflate', deflateRawSync(exported)],
    ['identity', exported],
  ])('is the same when it comes packed: %s', (encoding, body) => {
    expect(decode(body, protobuf, encoding)).toEqual(decode(exported));
  });

  it('reads JSON with ids in hexadecimal digits, whatever else it says', () => {
    const span = {
      ...ids,
      parentSpanId: '0000000000000009',
      name: 'a',
      kind: 2,
      startTimeUnixNano: '1544712660000000000',
      endTimeUnixNano: 1544712661000000000,
      attributes: [
        { key: 'n', value: { intValue: '12' } },
        { key: 'from.the.future', value: { newValue: 1 } },
      ],
      status: { code: 2 },
      somethingNew: true,
    };
    const [batch] = decode(request(span), `${json}; charset=utf-8`);
    expect(batch?.spans).toEqual([
      {
        trace_id: 'W47/95gDgQPSabYzgT/GDA==',
        span_id: '7uGbfsPBsXQ=',
        parent_span_id: 'AAAAAAAAAAk=',
        name: 'a',
        start_time_unix_nano: '1544712660000000000',
        end_time_unix_nano: '1544712661000000000',
        attributes: [
          { key: 'n', value: { int_value: '12' } },
          { key: 'from.the.future', value: {} },
          { key: 'mlflow.traceRequestId', value: { string_value: traceId } },
        ],
        status: { code: 'STATUS_CODE_ERROR' },
      },
    ]);
  });

  it('sorts spans by their traces', () => {
    const other = { traceId: '00000000000000000000000000000001', spanId: '0000000000000001' };
    const body = { resourceSpans: [...request(ids).resourceSpans, ...request(other).resourceSpans] };
    expect(decode(body, json).map(({ traceId: id, spans }) => [id, spans.length])).toEqual([
      [traceId, 1],
      ['tr-00000000000000000000000000000001', 1],
    ]);
  });

  it('takes a parent of zeros for none', () => {
    const [batch] = decode(request({ ...ids, parentSpanId: '0000000000000000' }), json);
    expect(batch?.spans[0]).not.toHaveProperty('parent_span_id');
  });

  it('says itself what the trace is called', () => {
    const attributes = [{ key: 'mlflow.traceRequestId', value: { stringValue: 'tr-of-somebody-else' } }];
    const [batch] = decode(request({ ...ids, attributes }), json);
    expect(batch?.spans[0]?.attributes).toEqual([
      { key: 'mlflow.traceRequestId', value: { string_value: traceId } },
    ]);
  });

  const nested = (depth: number): object =>
    depth === 0 ? { intValue: 1 } : { arrayValue: { values: [nested(depth - 1)] } };

  it.each([
    ['another content type', 'InvalidContentType', exported, 'text/plain', undefined],
    ['no content type', 'InvalidContentType', exported, '', undefined],
    ['an unknown encoding', 'InvalidContentEncoding', exported, protobuf, 'br'],
    ['bytes that are no message', 'InvalidOtlp', Buffer.from('garbage'), protobuf, undefined],
    ['a message that is cut off', 'InvalidOtlp', exported.subarray(0, 100), protobuf, undefined],
    ['nothing', 'InvalidOtlp', Buffer.alloc(0), protobuf, undefined],
    ['gzip that is none', 'InvalidOtlp', exported, protobuf, 'gzip'],
    ['deflate that is none', 'InvalidOtlp', Buffer.from('garbage'), protobuf, 'deflate'],
    ['text that is no JSON', 'InvalidOtlp', '{', json, undefined],
    ['JSON without spans', 'InvalidOtlp', {}, json, undefined],
    ['JSON of another shape', 'InvalidOtlp', { resourceSpans: 3 }, json, undefined],
    [
      'an id that is no hexadecimal number',
      'InvalidOtlp',
      request({ ...ids, spanId: 'xyz' }),
      json,
      undefined,
    ],
    ['a short trace id', 'InvalidOtlp', request({ ...ids, traceId: 'ff' }), json, undefined],
    ['a span without an id', 'InvalidOtlp', request({ traceId: ids.traceId }), json, undefined],
    [
      'values nested without end',
      'InvalidOtlp',
      request({ ...ids, attributes: [{ key: 'deep', value: nested(150) }] }),
      json,
      undefined,
    ],
    [
      'values nested so deep that a stack would not hold them',
      'InvalidOtlp',
      `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${ids.traceId}","spanId":"${ids.spanId}","attributes":[{"key":"k","value":${'{"arrayValue":{"values":['.repeat(20_000)}${']}}'.repeat(20_000)}}]}]}]}]}`,
      json,
      undefined,
    ],
  ])('refuses %s', (_what, code, body, type, encoding) => {
    expect(() => decode(body, type, encoding)).toThrow(
      expect.objectContaining({ code, kind: 'invalid_input' }),
    );
  });

  it('refuses a small body that unpacks to a huge one', () => {
    const bomb = gzipSync(Buffer.alloc(maxUnpackedBytes + 1));
    expect(bomb.byteLength).toBeLessThan(100_000);
    expect(() => decode(bomb, protobuf, 'gzip')).toThrow(expect.objectContaining({ code: 'BodyTooLarge' }));
  });
});
