import { describe, expect, it } from 'vitest';
import { span } from '#test/doubles/traces.ts';
import { inMlflowsWords } from './span-conventions.ts';
import { type AnyValue, plainAttributes } from './spans.ts';

const anyValue = (value: string | number): AnyValue =>
  typeof value === 'string' ? { string_value: value } : { int_value: String(value) };
const heard = (said: Record<string, string | number>) => {
  const attributes = Object.entries(said).map(([key, value]) => ({ key, value: anyValue(value) }));
  const { attributes: all } = inMlflowsWords(span(1, 1, { attributes }));
  const names = Object.keys(said);
  return Object.fromEntries(
    Object.entries(plainAttributes(all)).filter(
      ([key, value]) => !names.includes(key) || value !== said[key],
    ),
  );
};

describe('what a span says in the words of others', () => {
  it.each([
    [
      'OpenTelemetry',
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'asked',
        'gen_ai.response.model': 'answered',
        'gen_ai.provider.name': 'acme',
        'gen_ai.input.messages': '[1]',
        'gen_ai.output.messages': '[2]',
        'gen_ai.usage.input_tokens': 3,
        'gen_ai.usage.output_tokens': 4,
        'gen_ai.usage.cache_read.input_tokens': 2,
      },
      {
        'mlflow.spanType': 'CHAT_MODEL',
        'mlflow.llm.model': 'answered',
        'mlflow.llm.provider': 'acme',
        'mlflow.spanInputs': '[1]',
        'mlflow.spanOutputs': '[2]',
        'mlflow.chat.tokenUsage': {
          input_tokens: 3,
          output_tokens: 4,
          cache_read_input_tokens: 2,
          total_tokens: 7,
        },
      },
    ],
    [
      'OpenInference',
      {
        'openinference.span.kind': 'RETRIEVER',
        'input.value': 'q',
        'output.value': 'a',
        'llm.token_count.prompt': '3',
        'llm.token_count.total': 9,
      },
      {
        'mlflow.spanType': 'RETRIEVER',
        'mlflow.spanInputs': 'q',
        'mlflow.spanOutputs': 'a',
        'mlflow.chat.tokenUsage': { input_tokens: 3, total_tokens: 9 },
      },
    ],
    [
      'OpenLLMetry',
      { 'traceloop.span.kind': 'workflow', 'traceloop.entity.input': '{}', 'gen_ai.system': 'acme' },
      { 'mlflow.spanType': 'WORKFLOW', 'mlflow.spanInputs': '{}', 'mlflow.llm.provider': 'acme' },
    ],
  ])('by %s is said in MLflow’s, too', (_convention, said, expected) => {
    expect(heard(said)).toEqual(expected);
  });

  it('does not take the place of what it says in MLflow’s own', () => {
    const own = {
      'mlflow.spanInputs': 'mine',
      'mlflow.spanType': 'TOOL',
      'mlflow.llm.model': 'mine',
      'input.value': 'other',
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'other',
    };
    expect(heard(own)).toEqual({});
    expect(heard({ 'mlflow.spanType': 'UNKNOWN', 'gen_ai.operation.name': 'chat' })).toEqual({
      'mlflow.spanType': 'CHAT_MODEL',
    });
  });

  it('adds nothing where there is nothing to say', () => {
    expect(inMlflowsWords(span(1, 1))).toEqual(span(1, 1));
    const odd = {
      'gen_ai.operation.name': 'constructor',
      'input.value': '',
      'gen_ai.usage.input_tokens': 'many',
    };
    expect(heard(odd)).toEqual({});
  });
});
