import { AppError } from '#shared/kernel/errors.ts';
import {
  aggregated,
  attributeOf,
  isRoot,
  jsonOrUndefined,
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

/** What a client tells of a trace as a whole; what came before, spans and others' tags and assessments, stays. */
export function traceToldOf(existing: Trace | undefined, told: Trace, experimentLocation: string): Trace {
  const artifactLocation = artifactLocationOf(experimentLocation, told.traceId);
  return {
    ...existing,
    ...told,
    metadata: { ...existing?.metadata, ...told.metadata, [traceMetadata.finalized]: 'true' },
    tags: {
      ...existing?.tags,
      ...withoutReserved(told.tags),
      [traceTag.artifactLocation]: artifactLocation,
    },
    assessments: [
      ...new Map(
        [...(existing?.assessments ?? []), ...told.assessments].map((one) => [one.assessmentId, one]),
      ).values(),
    ],
    runIds: existing?.runIds ?? [],
    prompts: existing?.prompts ?? [],
  };
}

/** A trace whose client will tell of its end. */
export const traceStartedOf = (
  told: Pick<Trace, 'traceId' | 'experimentId' | 'requestTimeMs' | 'metadata' | 'tags'>,
): Trace => ({
  ...told,
  tags: withoutReserved(told.tags),
  state: 'IN_PROGRESS',
  assessments: [],
  runIds: [],
  prompts: [],
});

/** The trace after its client told of its end; metadata and tags are added to what there is. */
export const traceEndedOf = (
  trace: Trace,
  end: Pick<Trace, 'state' | 'metadata' | 'tags'> & { readonly endTimeMs: number },
): Trace => ({
  ...trace,
  state: end.state,
  executionDurationMs: end.endTimeMs - trace.requestTimeMs,
  metadata: { ...trace.metadata, ...end.metadata },
  tags: { ...trace.tags, ...withoutReserved(end.tags) },
});

/** Tags that say where this server keeps things; nobody else sets or deletes them. */
const reservedTags: ReadonlySet<string> = new Set([
  traceTag.spansLocation,
  'mlflow.trace.archiveLocation',
  'mlflow.trace.archivalFailure',
]);

const withoutReserved = (tags: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !reservedTags.has(key)));

/** Throws TagImmutable for tags that this server keeps. */
export function assertMutableTag(key: string, operation: 'set' | 'deleted'): void {
  if (!reservedTags.has(key)) return;
  throw new AppError(
    'invalid_input',
    'TagImmutable',
    `Tag '${key}' is immutable and cannot be ${operation} on a trace.`,
  );
}

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
const maxTagKeyLength = 250;
const maxTagValueLength = 8000;

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

const tagsOf = (entries: readonly (readonly [string, unknown])[]): Record<string, string> =>
  Object.fromEntries(
    entries
      .filter(([key]) => isTagKey(key))
      .map(([key, value]) => [
        key,
        (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, maxTagValueLength),
      ]),
  );

const isTagKey = (key: string): boolean =>
  key.length > 0 && key.length <= maxTagKeyLength && /^[/\p{L}\p{N}_.\- :]*$/u.test(key);

/** The trace with a tag; a long value is cut, as MLflow's server does. Throws InvalidTagKey. */
export function tagged(trace: Trace, key: string, value: string): Trace {
  if (!isTagKey(key)) {
    throw new AppError(
      'invalid_input',
      'InvalidTagKey',
      `Invalid tag name: '${key.slice(0, 300)}'. Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colons(:) and slashes (/), and have at most ${maxTagKeyLength} characters.`,
    );
  }
  return { ...trace, tags: { ...trace.tags, [key]: value.slice(0, maxTagValueLength) } };
}

/** The trace without a tag. Throws TagNotFound. */
export function untagged(trace: Trace, key: string): Trace {
  if (!Object.hasOwn(trace.tags, key)) {
    throw new AppError(
      'not_found',
      'TagNotFound',
      `No trace tag with key '${key}' for trace with ID '${trace.traceId}'`,
    );
  }
  const { [key]: _, ...tags } = trace.tags;
  return { ...trace, tags };
}

/** How many spans the trace has by the word of its client; undefined where it does not say. */
export function toldSpanCount(trace: Trace): number | undefined {
  const stats = jsonOrUndefined(trace.metadata[traceMetadata.sizeStats] ?? '');
  const count = (stats as { num_spans?: unknown } | undefined)?.num_spans;
  return typeof count === 'number' ? count : undefined;
}
