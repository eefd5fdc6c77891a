import { type KeyValue, plainAttributes, type Span } from '../domain/spans.ts';

/** Spans as MLflow's clients write them into the file `traces.json`, and as its web page reads them: attributes are texts of JSON. */
export const traceDataOf = (spans: readonly Span[]): object => ({ spans: spans.map(spanData) });

function spanData(span: Span): object {
  const { trace_id, span_id, parent_span_id, name = '', status, events = [], links = [] } = span;
  return {
    trace_id,
    span_id,
    parent_span_id: parent_span_id ?? null,
    name,
    start_time_unix_nano: span.start_time_unix_nano ?? '0',
    end_time_unix_nano: span.end_time_unix_nano ?? null,
    events: events.map((event) => ({
      name: event.name ?? '',
      time_unix_nano: event.time_unix_nano ?? '0',
      attributes: plainAttributes(event.attributes),
    })),
    status: { code: status?.code ?? 'STATUS_CODE_UNSET', message: status?.message ?? '' },
    attributes: dumped(span.attributes),
    links: links.map((link) => ({
      trace_id: `tr-${hex(link.trace_id)}`,
      span_id: hex(link.span_id),
      attributes: plainAttributes(link.attributes),
    })),
  };
}

const dumped = (attributes: readonly KeyValue[] | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(plainAttributes(attributes)).map(([key, value]) => [key, JSON.stringify(value)]),
  );

const hex = (base64 = ''): string => Buffer.from(base64, 'base64').toString('hex');
