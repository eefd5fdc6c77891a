import { AppError } from '#shared/kernel/errors.ts';
import { clausesOf } from '#shared/mlflow/search/clauses.ts';
import { attributeOf, jsonOrUndefined, millisecondsOf, type Span, spanAttribute } from '../domain/spans.ts';
import { type Assessment, type Trace, traceMetadata, traceTag } from '../domain/trace.ts';
import type { Measured, MetricView } from '../domain/trace-metrics.ts';
import { searchedSpan } from './trace-record.ts';

/** What traces, spans and assessments must be to count. */
export interface MeasuredFilters {
  readonly trace: (trace: Trace) => boolean;
  readonly span: (span: Span) => boolean;
  readonly assessment: (assessment: Assessment) => boolean;
}

/**
 * Filters of a metric: each is one comparison by `=`, of `trace.status`, `trace.tag.<key>`, `trace.metadata.<key>`, and of
 * `span.name`, `.status`, `.type` or `assessment.name`, `.type` in their own views. Throws MetricFilterInvalid, InvalidSearch.
 */
export function measuredFilters(view: MetricView, texts: readonly string[]): MeasuredFilters {
  const parsed = texts.map((text) => parse(view, text));
  return {
    trace: (trace) => parsed.every((one) => one.of !== 'trace' || one.values(trace).includes(one.wanted)),
    span: (span) => parsed.every((one) => one.of !== 'span' || one.value(span) === one.wanted),
    assessment: (assessment) =>
      parsed.every((one) => one.of !== 'assessment' || one.value(assessment) === one.wanted),
  };
}

type Parsed = { readonly wanted: string } & (
  | { readonly of: 'trace'; readonly values: (trace: Trace) => readonly (string | undefined)[] }
  | { readonly of: 'span'; readonly value: (span: Span) => string | undefined }
  | { readonly of: 'assessment'; readonly value: (assessment: Assessment) => string | undefined }
);

const assessmentParts: Readonly<Record<string, (assessment: Assessment) => string>> = {
  name: ({ name }) => name,
  type: ({ said }) => said.kind,
};

function parse(view: MetricView, text: string): Parsed {
  const [clause, ...others] = clausesOf(text);
  if (!clause || others.length > 0) throw invalid(`Invalid filter: '${text}'. Expected one filter clause.`);
  const { name, operator, value } = clause;
  if (operator !== '=') throw invalid(`Invalid comparator: '${operator}', only '=' operator is supported`);
  if (value.kind !== 'string') throw invalid(`Expected a quoted string value in the filter '${text}'.`);
  const [of = '', part = '', ...rest] = name.parts;
  const wanted = value.value;
  const key = rest.join('.');
  if (of === 'trace' && part === 'status' && !key) return { of, wanted, values: ({ state }) => [state] };
  if (of === 'trace' && part === 'tag' && key) return { of, wanted, values: ({ tags }) => [tags[key]] };
  if (of === 'trace' && part === 'metadata' && key) {
    const runs = ({ runIds }: Trace) => (key === traceMetadata.sourceRun ? runIds : []);
    return { of, wanted, values: (trace) => [trace.metadata[key], ...runs(trace)] };
  }
  if (of === 'span' && view === 'SPANS' && !key && ['name', 'status', 'type'].includes(part)) {
    return { of, wanted, value: (span) => searchedSpan(span)[part as 'name' | 'status' | 'type'] };
  }
  const assessmentPart = Object.hasOwn(assessmentParts, part) ? assessmentParts[part] : undefined;
  if (of === 'assessment' && view === 'ASSESSMENTS' && !key && assessmentPart) {
    return { of, wanted, value: assessmentPart };
  }
  throw invalid(
    `Invalid filter '${text}' for the view ${view}. It may name trace.status, trace.tag.<key>, trace.metadata.<key>, in SPANS span.name, span.status and span.type, and in ASSESSMENTS assessment.name and assessment.type.`,
  );
}

const invalid = (message: string): AppError => new AppError('invalid_input', 'MetricFilterInvalid', message);

/** What a metric sees of a trace; spans are those of the trace, for the view that looks at them. */
export function measuredOf(
  view: MetricView,
  metric: string,
  trace: Trace,
  spans: readonly Span[],
  filters: MeasuredFilters,
): Measured[] {
  switch (view) {
    case 'TRACES':
      return ofTrace(metric, trace);
    case 'SPANS':
      return spans.filter(filters.span).flatMap((span) => ofSpan(metric, span));
    case 'ASSESSMENTS':
      return trace.assessments
        .filter((one) => one.valid && filters.assessment(one))
        .flatMap((one) => ofAssessment(metric, trace, one));
  }
}

function ofTrace(metric: string, trace: Trace): Measured[] {
  const usage = () => jsonOrUndefined(trace.metadata[traceMetadata.tokenUsage] ?? '');
  const values: Readonly<Record<string, () => unknown>> = {
    trace_count: () => trace.traceId,
    session_count: () => trace.metadata[traceMetadata.session],
    latency: () => trace.executionDurationMs,
  };
  const dimensions = { trace_name: trace.tags[traceTag.name], trace_status: trace.state };
  const value = values[metric]?.() ?? partOf(usage(), metric);
  return measured(value, trace.requestTimeMs, dimensions);
}

function ofSpan(metric: string, span: Span): Measured[] {
  const { name, type, status } = searchedSpan(span);
  const startMs = millisecondsOf(span.start_time_unix_nano) ?? 0;
  const endMs = millisecondsOf(span.end_time_unix_nano);
  const values: Readonly<Record<string, () => unknown>> = {
    span_count: () => span.span_id,
    latency: () => (endMs === undefined ? undefined : endMs - startMs),
  };
  const cost = () => {
    const said = attributeOf(span, spanAttribute.cost);
    return partOf(typeof said === 'string' ? jsonOrUndefined(said) : said, metric);
  };
  return measured(values[metric] ? values[metric]() : cost(), startMs, {
    span_name: name,
    span_type: type,
    span_status: status,
    span_model_name: textOf(attributeOf(span, spanAttribute.model)),
    span_model_provider: textOf(attributeOf(span, spanAttribute.modelProvider)),
  });
}

function ofAssessment(metric: string, trace: Trace, { assessmentId, name, said }: Assessment): Measured[] {
  const spoken = said.kind === 'issue' ? undefined : said.value;
  const value = metric === 'assessment_count' ? assessmentId : numberOf(spoken);
  return measured(value, trace.requestTimeMs, {
    assessment_name: name,
    assessment_value: spoken === undefined ? undefined : textOfValue(spoken),
  });
}

/** As Python writes a value as JSON: every number is a float there. */
const textOfValue = (value: unknown): string =>
  Number.isInteger(value) ? `${String(value)}.0` : JSON.stringify(value);

/** Yes and no count as 1 and 0, as MLflow's judges say them. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return word === 'yes' ? 1 : word === 'no' ? 0 : undefined;
}

const measured = (value: unknown, atMs: number, dimensions: Measured['dimensions']): Measured[] =>
  typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
    ? [{ value, atMs, dimensions }]
    : [];

function partOf(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, key)
    ? (object as Record<string, unknown>)[key]
    : undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
