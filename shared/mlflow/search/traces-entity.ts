import {
  type Attribute,
  type Family,
  listOperators,
  nullableOperators,
  numericOperators,
  type Operator,
  type SearchableEntity,
  textOperators,
} from './entity.ts';
import { attributePrefixes, onlyOrdered, tags, text, time } from './families.ts';
import { expressionMatcher } from './regular-expression.ts';

/** Made by a call that bundlers may leave out: who searches for no traces carries no engine of regular expressions. */
export const traces: SearchableEntity = /* @__PURE__ */ tracesEntity();

function tracesEntity(): SearchableEntity {
  const traceOperators: readonly Operator[] = [...listOperators, 'RLIKE'];
  const traceText: Attribute = { values: 'string', operators: traceOperators };
  const traceTime: Attribute = { ...time, quotedNumbers: true };
  const traceTags: Family = { ...tags, operators: [...nullableOperators, 'RLIKE'] };
  const assessments: Omit<Family, 'kind' | 'label' | 'prefixes'> = {
    values: 'assessment',
    operators: [...numericOperators, 'LIKE', 'ILIKE', 'RLIKE', 'IS NULL', 'IS NOT NULL'],
    orderable: false,
  };

  return {
    name: 'traces',
    expressionMatcher,
    attributePrefixes: [...attributePrefixes, 'trace'],
    attributes: {
      request_id: traceText,
      client_request_id: { ...traceText, orderable: false },
      experiment_id: onlyOrdered(text),
      status: traceText,
      timestamp_ms: { ...traceTime, aliases: ['timestamp'] },
      execution_time_ms: { ...traceTime, aliases: ['execution_time'] },
      end_time_ms: { ...traceTime, aliases: ['end_time'] },
      name: {
        ...text,
        operators: [...textOperators, 'RLIKE'],
        keptAs: { kind: 'tag', key: 'mlflow.traceName' },
      },
      run_id: { ...traceText, keptAs: { kind: 'run', key: 'mlflow.sourceRun' } },
      prompt: {
        values: 'string',
        operators: ['='],
        orderable: false,
        keptAs: { kind: 'prompt', key: 'prompt' },
      },
      text: {
        values: 'string',
        operators: ['LIKE', 'ILIKE'],
        orderable: false,
        keptAs: { kind: 'span', key: 'content' },
      },
    },
    families: [
      traceTags,
      {
        ...traceTags,
        kind: 'metadata',
        label: 'request_metadata',
        prefixes: ['request_metadata', 'metadata'],
      },
      {
        kind: 'span',
        label: 'span',
        prefixes: ['span'],
        values: 'string',
        operators: traceOperators,
        keys: ['name', 'type', 'status'],
        keyPrefix: 'attributes.',
        orderable: false,
      },
      {
        kind: 'span',
        label: 'span',
        prefixes: ['span'],
        values: 'string',
        operators: ['LIKE', 'ILIKE'],
        keys: ['content'],
        orderable: false,
      },
      { ...assessments, kind: 'feedback', label: 'feedback', prefixes: ['feedback'] },
      { ...assessments, kind: 'expectation', label: 'expectation', prefixes: ['expectation'] },
      {
        kind: 'issue',
        label: 'issue',
        prefixes: ['issue'],
        values: 'string',
        operators: ['='],
        keys: ['id'],
        orderable: false,
      },
    ],
    defaultOrder: [],
    tieBreakers: ['timestamp_ms DESC', 'request_id'],
  };
}
