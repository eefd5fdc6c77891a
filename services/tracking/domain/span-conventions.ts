import { type AnyValue, attributeOf, type KeyValue, type Span, spanAttribute } from './spans.ts';

/**
 * What the widespread conventions for applications of language models call what MLflow has names of its own for: OpenTelemetry's
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/), OpenInference's and OpenLLMetry's. The first name that a span has counts.
 */
const names = {
  inputs: ['gen_ai.input.messages', 'gen_ai.tool.call.arguments', 'input.value', 'traceloop.entity.input'],
  outputs: ['gen_ai.output.messages', 'gen_ai.tool.call.result', 'output.value', 'traceloop.entity.output'],
  model: [
    'gen_ai.response.model',
    'gen_ai.request.model',
    'llm.response.model_name',
    'llm.model_name',
    'llm.request.model_name',
    'embedding.model_name',
  ],
  modelProvider: ['gen_ai.provider.name', 'llm.provider', 'gen_ai.system'],
} as const;

const usageNames: Readonly<Record<string, readonly string[]>> = {
  input_tokens: ['gen_ai.usage.input_tokens', 'llm.token_count.prompt', 'gen_ai.usage.prompt_tokens'],
  output_tokens: [
    'gen_ai.usage.output_tokens',
    'llm.token_count.completion',
    'gen_ai.usage.completion_tokens',
  ],
  total_tokens: ['llm.token_count.total', 'llm.usage.total_tokens'],
  cache_read_input_tokens: [
    'gen_ai.usage.cache_read.input_tokens',
    'llm.token_count.prompt_details.cache_read',
  ],
  cache_creation_input_tokens: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'llm.token_count.prompt_details.cache_write',
  ],
};

/** MLflow's types of spans by what the conventions call their kinds. */
const types: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'gen_ai.operation.name': {
    chat: 'CHAT_MODEL',
    create_agent: 'AGENT',
    embeddings: 'EMBEDDING',
    execute_tool: 'TOOL',
    generate_content: 'LLM',
    invoke_agent: 'AGENT',
    text_completion: 'LLM',
    response: 'LLM',
  },
  'openinference.span.kind': Object.fromEntries(
    ['TOOL', 'CHAIN', 'LLM', 'RETRIEVER', 'EMBEDDING', 'AGENT', 'RERANKER', 'GUARDRAIL', 'EVALUATOR'].map(
      (kind) => [kind, kind],
    ),
  ),
  'traceloop.span.kind': { workflow: 'WORKFLOW', task: 'TASK', agent: 'AGENT', tool: 'TOOL' },
};

/** The span with MLflow's attributes for what others said in their own words; what it said in MLflow's stays. */
export function inMlflowsWords(span: Span): Span {
  const said = new Set(span.attributes?.map(({ key }) => key));
  const isUntyped = [undefined, null, 'UNKNOWN'].includes(attributeOf(span, spanAttribute.type) as undefined);
  const added: [string, AnyValue | undefined][] = [
    ...Object.entries(names).map(([part, others]): [string, AnyValue | undefined] => [
      spanAttribute[part as keyof typeof names],
      firstOf(span, others),
    ]),
    [spanAttribute.tokenUsage, usageOf(span)],
  ];
  const type = isUntyped ? typeOf(span) : undefined;
  const kept = (span.attributes ?? []).filter(({ key }) => !(type && key === spanAttribute.type));
  const attributes: KeyValue[] = [
    ...kept,
    ...added.flatMap(([key, value]) => (value === undefined || said.has(key) ? [] : [{ key, value }])),
    ...(type ? [{ key: spanAttribute.type, value: { string_value: type } }] : []),
  ];
  return attributes.length === 0 ? span : { ...span, attributes };
}

const firstOf = (span: Span, others: readonly string[]): AnyValue | undefined =>
  others
    .map((name) => span.attributes?.findLast(({ key }) => key === name)?.value)
    .find((value) => value !== undefined && value.string_value !== '');

function typeOf(span: Span): string | undefined {
  for (const [attribute, kinds] of Object.entries(types)) {
    const kind = attributeOf(span, attribute);
    if (typeof kind === 'string' && Object.hasOwn(kinds, kind)) return kinds[kind];
  }
  return undefined;
}

function usageOf(span: Span): AnyValue | undefined {
  const counts = Object.entries(usageNames).flatMap(([part, others]) => {
    const count = Number(others.map((name) => attributeOf(span, name)).find((value) => value !== undefined));
    return Number.isSafeInteger(count) ? [[part, count] as const] : [];
  });
  const usage = new Map(counts);
  const [input, output] = [usage.get('input_tokens'), usage.get('output_tokens')];
  if (input !== undefined && output !== undefined && !usage.has('total_tokens')) {
    usage.set('total_tokens', input + output);
  }
  if (usage.size === 0) return undefined;
  return {
    kvlist_value: {
      values: [...usage].map(([key, count]) => ({ key, value: { int_value: String(count) } })),
    },
  };
}
