import {
  aggregated,
  attributeOf,
  isRoot,
  millisecondsOf,
  plainAttributes,
  type Span,
  spanAttribute,
} from './spans.ts';
import {
  artifactLocationOf,
  type SpanBatch,
  type Trace,
  type TraceState,
  traceMetadata,
  traceTag,
  trackingStore,
} from './trace.ts';
import { previewOf } from './trace-previews.ts';
import { tagsOf, withoutReserved } from './trace-tags.ts';

/**
 * What a trace is after spans of it came: a new one where there is none. `spans` are all of the trace that are known, those of the
 * batch among them. What a client told of the whole trace counts more than what is read from spans.
 */
export function traceWithSpans(
  existing: Trace | undefined,
  { traceId, spans: arrived, resource }: SpanBatch,
  home: { readonly experimentId: string; readonly artifactLocation: string },
  spans: readonly Span[],
): Trace {
  const before = existing ?? newTrace(traceId, home.experimentId, arrived);
  const root = arrived.find(isRoot);
  const preview = (kind: 'inputs' | 'outputs') =>
    root && previewOf(attributeOf(root, spanAttribute[kind]), kind === 'inputs' ? 'user' : 'assistant');
  const requestPreview = before.requestPreview ?? preview('inputs');
  const responsePreview = before.responsePreview ?? preview('outputs');
  return {
    ...before,
    ...(before.metadata[traceMetadata.finalized] ? {} : timesWith(before, arrived)),
    state: stateWith(before.state, root),
    ...(requestPreview === undefined ? {} : { requestPreview }),
    ...(responsePreview === undefined ? {} : { responsePreview }),
    metadata: { ...metadataOf(arrived), ...before.metadata, ...sumsOf(before, spans) },
    tags: {
      [traceTag.artifactLocation]: artifactLocationOf(home.artifactLocation, traceId),
      ...before.tags,
      ...resourceTags(resource),
      ...(root ? tagsOfRoot(root) : {}),
      [traceTag.spansLocation]: trackingStore,
    },
  };
}

function newTrace(traceId: string, experimentId: string, spans: readonly Span[]): Trace {
  return {
    traceId,
    experimentId,
    requestTimeMs: earliest(spans),
    state: 'IN_PROGRESS',
    metadata: {},
    tags: {},
    assessments: [],
    runIds: [],
    prompts: [],
  };
}

const earliest = (spans: readonly Span[]): number =>
  Math.min(...spans.map(({ start_time_unix_nano: start }) => millisecondsOf(start) ?? 0));

/** The trace lasts from the first start to the last end of its spans. */
function timesWith(before: Trace, spans: readonly Span[]): Partial<Trace> {
  const requestTimeMs = Math.min(before.requestTimeMs, earliest(spans));
  const ends = spans.flatMap(({ end_time_unix_nano: end }) => millisecondsOf(end) ?? []);
  if (before.executionDurationMs !== undefined) ends.push(before.requestTimeMs + before.executionDurationMs);
  return {
    requestTimeMs,
    ...(ends.length > 0 ? { executionDurationMs: Math.max(...ends) - requestTimeMs } : {}),
  };
}

function stateWith(before: TraceState, root: Span | undefined): TraceState {
  if (!root || before === 'OK' || before === 'ERROR') return before;
  return root.status?.code === 'STATUS_CODE_ERROR' ? 'ERROR' : 'OK';
}

const usageKeys = ['input_tokens', 'output_tokens', 'total_tokens'];
const cacheUsageKeys = [
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
  'cache_creation_input_tokens_above_1hr',
];
const costKeys = ['input_cost', 'output_cost', 'total_cost'];

/** Whether spans of a batch change the trace's sums, so that those of earlier batches must be looked at too. */
export const hasSums = (spans: readonly Span[]): boolean =>
  spans.some(({ attributes = [] }) =>
    attributes.some(({ key }) => key === spanAttribute.tokenUsage || key === spanAttribute.cost),
  );

function sumsOf(before: Trace, spans: readonly Span[]): Record<string, string> {
  const isTold = (key: string) =>
    before.metadata[traceMetadata.finalized] !== undefined && before.metadata[key] !== undefined;
  const usage = aggregated(spans, spanAttribute.tokenUsage, usageKeys, cacheUsageKeys);
  const cost = aggregated(spans, spanAttribute.cost, costKeys);
  return {
    ...(usage && !isTold(traceMetadata.tokenUsage)
      ? { [traceMetadata.tokenUsage]: JSON.stringify(usage) }
      : {}),
    ...(cost && !isTold(traceMetadata.cost) ? { [traceMetadata.cost]: JSON.stringify(cost) } : {}),
  };
}

/** Who used the application and in which session, by OpenTelemetry's conventions, where the trace does not say so yet. */
function metadataOf(spans: readonly Span[]): Record<string, string> {
  const first = (...names: readonly string[]) =>
    spans
      .flatMap((span) => names.map((name) => attributeOf(span, name)))
      .find((value) => typeof value === 'string' && value !== '');
  const session = first('session.id', 'gen_ai.conversation.id');
  const user = first('user.id');
  return {
    ...(session === undefined
      ? {}
      : { [traceMetadata.session]: String(session).slice(0, maxMetadataLength) }),
    ...(user === undefined ? {} : { [traceMetadata.user]: String(user).slice(0, maxMetadataLength) }),
  };
}

const maxMetadataLength = 250;

/** What sent the spans (service.name …), but for what the SDK says of itself and names that are MLflow's. */
function resourceTags(resource: Readonly<Record<string, unknown>>): Record<string, string> {
  return tagsOf(Object.entries(resource).filter(([key]) => !/^(?:telemetry\.sdk\.|mlflow\.)/.test(key)));
}

/** Tags that a client with no other way to send them put on the root span. */
function tagsOfRoot(root: Span): Record<string, string> {
  const { tagPrefix } = spanAttribute;
  const entries = Object.entries(plainAttributes(root.attributes)).flatMap(([key, value]) =>
    key.startsWith(tagPrefix) ? [[key.slice(tagPrefix.length), value] as const] : [],
  );
  return withoutReserved(tagsOf(entries));
}
