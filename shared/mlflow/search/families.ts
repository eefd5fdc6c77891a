import {
  type Attribute,
  type Family,
  listOperators,
  nullableOperators,
  numericOperators,
  textOperators,
} from './entity.ts';

export const text: Attribute = { values: 'string', operators: textOperators };
export const listed: Attribute = { values: 'string', operators: listOperators };
export const time: Attribute = { values: 'number', operators: numericOperators };
export const onlyOrdered = (attribute: Attribute): Attribute => ({ ...attribute, filterable: false });
export const attributePrefixes = ['attribute', 'attributes'];

export const metrics: Family = {
  kind: 'metric',
  label: 'metric',
  prefixes: ['metric', 'metrics'],
  values: 'number',
  operators: numericOperators,
  orderable: true,
};
export const params: Family = {
  kind: 'param',
  label: 'parameter',
  prefixes: ['parameter', 'parameters', 'param', 'params'],
  values: 'string',
  operators: nullableOperators,
  orderable: true,
};
export const tags: Family = {
  kind: 'tag',
  label: 'tag',
  prefixes: ['tag', 'tags'],
  values: 'string',
  operators: nullableOperators,
  orderable: true,
};
export const plainTags: Family = { ...tags, operators: textOperators, orderable: false };
