/** A value of an attribute, as proto3 JSON writes OTLP's AnyValue with the names of the fields; nothing set is null. */
export interface AnyValue {
  readonly string_value?: string;
  readonly bool_value?: boolean;
  /** Text, as 64 bits do not fit into a number. */
  readonly int_value?: string;
  readonly double_value?: number | 'NaN' | 'Infinity' | '-Infinity';
  readonly array_value?: { readonly values?: readonly AnyValue[] };
  readonly kvlist_value?: { readonly values?: readonly KeyValue[] };
  /** Base64. */
  readonly bytes_value?: string;
}

export interface KeyValue {
  readonly key?: string;
  readonly value?: AnyValue;
}

/** A span as MLflow's clients send and get it: OTLP's message as proto3 JSON. Ids are base64, times are texts of nanoseconds. */
export interface Span {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id?: string;
  readonly name?: string;
  readonly start_time_unix_nano?: string;
  readonly end_time_unix_nano?: string;
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly {
    readonly time_unix_nano?: string;
    readonly name?: string;
    readonly attributes?: readonly KeyValue[];
  }[];
  readonly links?: readonly {
    readonly trace_id?: string;
    readonly span_id?: string;
    readonly attributes?: readonly KeyValue[];
  }[];
  readonly status?: { readonly message?: string; readonly code?: string };
}

/** Attributes of spans by which MLflow's clients say what a trace holds (mlflow/tracing/constant.py). */
export const spanAttribute = {
  requestId: 'mlflow.traceRequestId',
  inputs: 'mlflow.spanInputs',
  outputs: 'mlflow.spanOutputs',
  type: 'mlflow.spanType',
  tokenUsage: 'mlflow.chat.tokenUsage',
  cost: 'mlflow.llm.cost',
  model: 'mlflow.llm.model',
  modelProvider: 'mlflow.llm.provider',
  tagPrefix: 'mlflow.traceTag.',
} as const;

/** What an attribute holds, as a plain value; integers that a number cannot hold exactly stay texts. */
export function plainValue(value: AnyValue | undefined): unknown {
  if (value === undefined) return null;
  if (value.string_value !== undefined) return value.string_value;
  if (value.bool_value !== undefined) return value.bool_value;
  if (value.double_value !== undefined) return value.double_value;
  if (value.bytes_value !== undefined) return value.bytes_value;
  if (value.int_value !== undefined) {
    const number = Number(value.int_value);
    return Number.isSafeInteger(number) ? number : value.int_value;
  }
  if (value.array_value) return (value.array_value.values ?? []).map(plainValue);
  if (value.kvlist_value) return plainAttributes(value.kvlist_value.values);
  return null;
}

/** All attributes of a span, event or resource by name; the last of a name counts. */
export function plainAttributes(attributes: readonly KeyValue[] | undefined): Record<string, unknown> {
  return Object.fromEntries((attributes ?? []).map(({ key = '', value }) => [key, plainValue(value)]));
}

/** One attribute of a span as a plain value; undefined where there is none. */
export function attributeOf(span: Span, name: string): unknown {
  const found = span.attributes?.findLast(({ key }) => key === name);
  return found && plainValue(found.value);
}

/** `tr-` and the 32 hexadecimal digits of OTLP's trace id: how MLflow calls a trace. */
export const mlflowTraceId = (otlpTraceId: string): string =>
  `tr-${Buffer.from(otlpTraceId, 'base64').toString('hex').padStart(32, '0')}`;

const nanosecondsPerMs = 1_000_000n;
/** Milliseconds since 1970 of a time in nanoseconds; undefined where there is none. */
export function millisecondsOf(unixNano: string | undefined): number | undefined {
  return unixNano === undefined || unixNano === '0' ? undefined : Number(BigInt(unixNano) / nanosecondsPerMs);
}

export const isRoot = (span: Span): boolean => !span.parent_span_id;

/** Root spans first, then by start: the order in which MLflow's server answers them. */
export function inOrder(spans: readonly Span[]): Span[] {
  const startOf = ({ start_time_unix_nano = '0' }: Span) => BigInt(start_time_unix_nano);
  return spans.toSorted((a, b) => {
    if (isRoot(a) !== isRoot(b)) return isRoot(a) ? -1 : 1;
    const [left, right] = [startOf(a), startOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/** Spans of several batches as one list: of a span that was sent again the last counts. */
export function withoutRepeats(spans: readonly Span[]): Span[] {
  return [...new Map(spans.map((span) => [span.span_id, span])).values()];
}

/**
 * Sums what spans say of an attribute that holds numbers by name (token usage, cost). A span below one that says something itself
 * does not count: frameworks put the sum of the children on the parent. `always` are in the sum even where nobody says them.
 */
export function aggregated(
  spans: readonly Span[],
  attribute: string,
  always: readonly string[],
  sometimes: readonly string[] = [],
): Record<string, number> | undefined {
  const numbers = new Map(spans.map((span) => [span.span_id, numbersOf(attributeOf(span, attribute))]));
  const parents = new Map(spans.map((span) => [span.span_id, span.parent_span_id]));
  const isCovered = (spanId: string): boolean => {
    const seen = new Set([spanId]);
    for (let id = parents.get(spanId); id && !seen.has(id) && parents.has(id); id = parents.get(id)) {
      if (numbers.get(id)) return true;
      seen.add(id);
    }
    return false;
  };
  const counted = [...numbers].filter(([id, said]) => said && !isCovered(id)).map(([, said]) => said!);
  if (counted.length === 0) return undefined;
  const names = [...always, ...sometimes.filter((name) => counted.some((said) => name in said))];
  return Object.fromEntries(
    names.map((name) => [name, counted.reduce((sum, said) => sum + (said[name] ?? 0), 0)]),
  );
}

function numbersOf(value: unknown): Record<string, number> | undefined {
  const object = typeof value === 'string' ? jsonOrUndefined(value) : value;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined;
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}

/** The value of a JSON text; undefined where it is none. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
