import { clausesOf } from '#shared/mlflow/search/clauses.ts';
import { traces } from '#shared/mlflow/search/entities.ts';
import type { SearchedSpan, SearchRecord } from '#shared/mlflow/search/entity.ts';
import { attributeOf, plainAttributes, type Span, spanAttribute } from '../domain/spans.ts';
import { lastMs, type Trace } from '../domain/trace.ts';

/** What a search sees of a trace. Spans are another read: they are given where a filter asks for them. */
export function traceRecord(trace: Trace, spans: readonly SearchedSpan[] = []): SearchRecord {
  const { traceId, requestTimeMs, executionDurationMs } = trace;
  return {
    id: traceId,
    attributes: {
      request_id: traceId,
      client_request_id: trace.clientRequestId,
      experiment_id: trace.experimentId,
      status: trace.state,
      timestamp_ms: requestTimeMs,
      execution_time_ms: executionDurationMs,
      end_time_ms: executionDurationMs === undefined ? undefined : requestTimeMs + executionDurationMs,
    },
    tags: trace.tags,
    metadata: trace.metadata,
    linkedRuns: trace.runIds,
    prompts: trace.prompts,
    spans,
    assessments: trace.assessments
      .filter(({ valid }) => valid)
      .map(({ name, said }) => ({
        kind: said.kind,
        name,
        value: said.kind === 'issue' ? said.issueName : said.value,
      })),
  };
}

const statusNames: Readonly<Record<string, string>> = {
  STATUS_CODE_OK: 'OK',
  STATUS_CODE_ERROR: 'ERROR',
};

/** What a search sees of a span. */
export function searchedSpan(span: Span): SearchedSpan {
  const type = attributeOf(span, spanAttribute.type);
  const { name = '', status } = span;
  const attributes = plainAttributes(span.attributes);
  const events = span.events?.map((event) => ({
    name: event.name,
    attributes: plainAttributes(event.attributes),
  }));
  return {
    name,
    type: typeof type === 'string' ? type : undefined,
    status: statusNames[status?.code ?? ''] ?? 'UNSET',
    attributes,
    content: JSON.stringify({ name, attributes, events, status: status?.message }),
  };
}

/** Milliseconds since 1970, both included: outside of them no trace passes the filter. */
export interface TimeBounds {
  readonly fromMs: number;
  readonly toMs: number;
}

export const allTime: TimeBounds = { fromMs: 0, toMs: lastMs };

const timeNames: ReadonlySet<string> = new Set(['timestamp', 'timestamp_ms']);

/** The bounds that a filter sets to the request time, so that a search reads no further. */
export function timeBoundsOf(filter: string): TimeBounds {
  let { fromMs, toMs } = allTime;
  for (const { name, operator, value } of clausesOf(filter)) {
    const [prefix = '', key] = name.parts;
    const isTime = timeNames.has(key ?? prefix) && (!key || traces.attributePrefixes.includes(prefix));
    const ms = value.kind === 'number' || value.kind === 'string' ? Number(value.value) : Number.NaN;
    if (!isTime || Number.isNaN(ms)) continue;
    if (['>', '>=', '='].includes(operator)) fromMs = Math.max(fromMs, Math.floor(ms));
    if (['<', '<=', '='].includes(operator)) toMs = Math.min(toMs, Math.ceil(ms));
  }
  return { fromMs: Math.min(fromMs, lastMs), toMs: Math.max(toMs, 0) };
}
