import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { fromBinary, fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { AppError } from '#shared/kernel/errors.ts';
import { inMlflowsWords } from '../domain/span-conventions.ts';
import {
  type AnyValue,
  type KeyValue,
  mlflowTraceId,
  plainAttributes,
  type Span,
  spanAttribute,
} from '../domain/spans.ts';
import type { SpanBatch } from '../domain/trace.ts';
import { exportTraceServiceRequest } from './otlp-schema.ts';

/** A body may unpack to so much: some five times what may be sent, and what a function of 512 MB reads at ease. */
export const maxUnpackedBytes = 20_000_000;
/** Attributes in attributes in attributes: more is refused, before anything recurses through it. */
const maxDepth = 100;
const traceIdBytes = 16;
const spanIdBytes = 8;
/** How some exporters write that a span has no parent. */
const noSpanId = Buffer.alloc(spanIdBytes).toString('base64');

export interface OtlpBody {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly body: Buffer;
}

/**
 * Reads an OTLP trace export (protocol buffers or OTLP's JSON, plain, gzip or deflate) into the spans of each trace. Throws
 * InvalidContentType, InvalidContentEncoding, BodyTooLarge, InvalidOtlp (all invalid_input).
 */
export function decodeTraces({ contentType, contentEncoding, body }: OtlpBody): SpanBatch[] {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-protobuf' && type !== 'application/json') {
    throw invalid(
      'InvalidContentType',
      `Invalid Content-Type: ${contentType}. Expected: application/x-protobuf or application/json`,
    );
  }
  const bytes = unpacked(body, contentEncoding?.toLowerCase());
  const request = type === 'application/json' ? ofJson(bytes) : ofProtobuf(bytes);
  if (!request.resource_spans?.length) {
    throw invalid('InvalidOtlp', 'Invalid OpenTelemetry format - no spans found');
  }
  return batchesOf(request);
}

interface ExportRequest {
  readonly resource_spans?: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scope_spans?: readonly { readonly spans?: readonly Partial<Span>[] }[];
  }[];
}

function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw invalid(
      'InvalidContentEncoding',
      `Unsupported Content-Encoding: ${encoding}. Send gzip, deflate or none.`,
    );
  }
  const limit = { maxOutputLength: maxUnpackedBytes };
  try {
    if (encoding === 'gzip') return gunzipSync(body, limit);
    // Deflate has a header of zlib by the standard, and none from some clients.
    const hasHeader = body.length > 1 && body.readUInt16BE(0) % 31 === 0 && (body[0]! & 15) === 8;
    return hasHeader ? inflateSync(body, limit) : inflateRawSync(body, limit);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw invalid(
        'BodyTooLarge',
        `The body unpacks to more than ${maxUnpackedBytes} bytes. Send fewer spans at once.`,
      );
    }
    throw invalid('InvalidOtlp', `Failed to decompress ${encoding} payload`);
  }
}

function ofProtobuf(bytes: Buffer): ExportRequest {
  try {
    return asJson(fromBinary(exportTraceServiceRequest, bytes));
  } catch {
    throw invalid('InvalidOtlp', 'Invalid OpenTelemetry format');
  }
}

function ofJson(bytes: Buffer): ExportRequest {
  try {
    const sent = JSON.parse(bytes.toString('utf8'), base64Ids) as JsonValue;
    return asJson(fromJson(exportTraceServiceRequest, sent, { ignoreUnknownFields: true }));
  } catch {
    throw invalid('InvalidOtlp', 'Invalid OpenTelemetry format');
  }
}

const asJson = (message: ReturnType<typeof fromBinary>): ExportRequest =>
  toJson(exportTraceServiceRequest, message, { useProtoFieldName: true }) as ExportRequest;

const idNames = /^(?:traceId|spanId|parentSpanId|trace_id|span_id|parent_span_id)$/;
/** OTLP's JSON writes ids in hexadecimal digits, and that of protocol buffers in base64. */
function base64Ids(this: unknown, name: string, value: unknown): unknown {
  if (!idNames.test(name) || typeof value !== 'string') return value;
  if (!/^(?:[0-9a-f]{2})*$/i.test(value)) throw new Error(`${name} is not hexadecimal.`);
  return Buffer.from(value, 'hex').toString('base64');
}

function batchesOf({ resource_spans: sent = [] }: ExportRequest): SpanBatch[] {
  const batches = new Map<string, { traceId: string; spans: Span[]; resource: Record<string, unknown> }>();
  for (const { resource, scope_spans: scopes = [] } of sent) {
    const attributes = plainAttributes(resource?.attributes);
    for (const given of scopes.flatMap(({ spans = [] }) => spans)) {
      const span = checked(given);
      const traceId = mlflowTraceId(span.trace_id);
      const batch = batches.get(traceId) ?? { traceId, spans: [], resource: attributes };
      batches.set(traceId, batch);
      batch.spans.push(inMlflowsWords({ ...span, attributes: ownAttributes(span, traceId) }));
    }
  }
  return [...batches.values()];
}

/** The trace's id among the attributes is what OTLP's trace id makes it, whatever a client says. */
const ownAttributes = ({ attributes = [] }: Span, traceId: string): KeyValue[] => [
  ...attributes.filter(({ key }) => key !== spanAttribute.requestId),
  { key: spanAttribute.requestId, value: { string_value: traceId } },
];

function checked(span: Partial<Span>): Span {
  const { trace_id: traceId = '', span_id: spanId = '', parent_span_id: parentId } = span;
  assertId('trace_id', traceId, traceIdBytes);
  assertId('span_id', spanId, spanIdBytes);
  const isChild = parentId !== undefined && parentId !== noSpanId;
  if (isChild) assertId('parent_span_id', parentId, spanIdBytes);
  const inside = [span, ...(span.events ?? []), ...(span.links ?? [])];
  for (const { attributes = [] } of inside) for (const { value } of attributes) assertDepth(value);
  const { parent_span_id: _, ...rest } = span;
  return { ...rest, trace_id: traceId, span_id: spanId, ...(isChild ? { parent_span_id: parentId } : {}) };
}

function assertId(name: string, base64: string, bytes: number): void {
  const length = Buffer.from(base64, 'base64').byteLength;
  if (length === bytes) return;
  throw invalid('InvalidOtlp', `A span's ${name} has ${length} bytes; OpenTelemetry's have ${bytes}.`);
}

function assertDepth(value: AnyValue | undefined, depth = 0): void {
  if (depth > maxDepth) {
    throw invalid('InvalidOtlp', `An attribute is nested deeper than ${maxDepth} levels. Send it as a text.`);
  }
  for (const inner of value?.array_value?.values ?? []) assertDepth(inner, depth + 1);
  for (const inner of value?.kvlist_value?.values ?? []) assertDepth(inner.value, depth + 1);
}

const invalid = (code: string, message: string): AppError => new AppError('invalid_input', code, message);
