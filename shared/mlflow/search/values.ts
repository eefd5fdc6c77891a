import type { Field, KeyedValues, SearchedSpan, SearchRecord } from './entity.ts';

export type SearchValue = string | number;

/** How a field's values are read of a record: none where the record has no such key. */
export type Reader = (record: SearchRecord) => readonly SearchValue[];

/** A metric of a dataset alone; of any where undefined. */
export interface DatasetChoice {
  readonly name: string;
  readonly digest?: string | undefined;
}

const none: readonly SearchValue[] = [];

/** Reads a field of a record. Of spans: see `spanValue`, as all conditions must hold on one span. */
export function readerOf({ kind, key }: Pick<Field, 'kind' | 'key'>): Reader {
  const one = (read: (record: SearchRecord) => SearchValue | undefined): Reader => {
    return (record) => {
      const value = read(record);
      return value === undefined ? none : [value];
    };
  };
  switch (kind) {
    case 'attribute':
      return one(({ attributes }) => attributes[key]);
    case 'metric':
      return ({ metrics, datasetMetrics }) => {
        if (datasetMetrics)
          return datasetMetrics.filter((metric) => metric.key === key).map(({ value }) => value);
        const value = valueAt(metrics, key);
        return value === undefined ? none : [value];
      };
    case 'param':
      return one(({ params }) => valueAt(params, key));
    case 'tag':
      return one(({ tags }) => valueAt(tags, key));
    case 'metadata':
      return one(({ metadata }) => valueAt(metadata, key));
    case 'dataset':
      return ({ datasets = [] }) =>
        datasets
          .map((dataset) => dataset[key as 'name' | 'digest' | 'context'])
          .filter((value) => value !== undefined);
    case 'run':
      return ({ metadata, linkedRuns = [] }) => {
        const source = valueAt(metadata, key);
        return source === undefined ? linkedRuns : [source, ...linkedRuns];
      };
    case 'prompt':
      return ({ prompts = [] }) => prompts;
    case 'issue':
      return ({ assessments = [] }) =>
        assessments.filter((each) => each.kind === 'issue').map(({ name }) => name);
    case 'feedback':
    case 'expectation':
      return ({ assessments = [] }) =>
        assessments
          .filter((each) => each.kind === kind && each.name === key)
          .map(({ value }) => asSearched(value));
    case 'span':
      return ({ spans = [] }) =>
        spans.map((span) => spanValue(span, key)).filter((value) => value !== undefined);
  }
}

const spanAttribute = 'attributes.';

/** A part of a span: its name, type, status, content or an attribute. */
export function spanValue(span: SearchedSpan, key: string): SearchValue | undefined {
  if (!key.startsWith(spanAttribute)) return span[key as 'name' | 'type' | 'status' | 'content'];
  const value = span.attributes[key.slice(spanAttribute.length)];
  return value === undefined ? undefined : String(asSearched(value));
}

/** Numbers stay numbers; what is neither number nor text is compared as its JSON. */
const asSearched = (value: unknown): SearchValue =>
  typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);

function valueAt<Value>(values: KeyedValues<Value> | undefined, key: string): Value | undefined {
  if (values === undefined) return undefined;
  if (values instanceof Map) return values.get(key);
  return Object.hasOwn(values, key) ? (values as Readonly<Record<string, Value>>)[key] : undefined;
}
