import { describe, expect, it } from 'vitest';
import { experiments, loggedModels, modelVersions, registeredModels, traces } from './entities.ts';
import { parseFilter } from './filter.ts';
import { parseOrderBy } from './order.ts';

/** What mlflow 3.17.2 takes, and how its refusals begin: facts of its parsers, where this one means to agree. */
interface Answers {
  readonly filters: readonly string[];
  readonly refusedFilters: readonly [string, string][];
  readonly orders: readonly string[];
  readonly refusedOrders: readonly [string, string][];
}

const ofExperiments = {
  filters: [
    "name = 'a'",
    "attribute.name LIKE '%'",
    "name ILIKE 'A%'",
    "experiment_id = '1'",
    "experiment_id IN ('1','2')",
    "experiment_id NOT IN ('1')",
    'creation_time > 1',
    'last_update_time <= 5',
    "tags.a = 'b'",
    "tag.`a b` != 'c'",
    'tags.a IS NULL',
  ],
  refusedFilters: [
    [
      "name IN ('a')",
      "Only ['experiment_id'] attributes support comparison with a list of quoted string values",
    ],
    ["name > 'a'", "comparator '>'"],
    ["creation_time = '1'", "Expected numeric value type for numeric attribute: creation_time. Found '1"],
    ['name IS NULL', 'IS NULL / IS NOT NULL is only supported for tags'],
    ['metrics.a > 1', "Invalid entity type 'metrics'"],
    ["lifecycle_stage = 'x'", "Invalid attribute key 'lifecycle_stage"],
    ['name = 5', 'Expected a quoted string value for attributes. Got value 5'],
    ["name = 'a' OR name = 'b'", 'Invalid clause(s) in filter string'],
    ["tags.a > 'b'", "comparator '>'"],
  ],
  orders: ['name', 'name DESC', 'experiment_id asc', 'creation_time', 'last_update_time desc'],
  refusedOrders: [
    ['foo', "Invalid attribute key 'foo"],
    ['name up', "Invalid ordering key in order_by clause 'name up"],
  ],
} satisfies Answers;

const ofRegisteredModels = {
  filters: [
    "name = 'a'",
    "name LIKE 'a%'",
    "name ilike 'a'",
    "name IN ('a','b')",
    "name != 'x'",
    "tags.a = 'b'",
    "tag.a LIKE 'b'",
    "attribute.name = 'a'",
    "name = 'a' AND tags.b = 'c'",
  ],
  refusedFilters: [
    ["run_id = 'x'", "Invalid attribute key 'run_id"],
    [
      'name = a',
      'Parameter value is either not quoted or unidentified quote types used for string value a. Use either single or double quotes',
    ],
    ["name > 'a'", "comparator '>'"],
    ["tags.a IN ('b')", "Expected a quoted string value for tag (e.g. 'my-value'). Got value ('b')"],
    ['creation_timestamp > 1', "Invalid attribute key 'creation_timestamp"],
  ],
  orders: ['name', 'name DESC', 'timestamp ASC', 'last_updated_timestamp DESC'],
  refusedOrders: [
    ['foo', "Invalid order by key 'foo"],
    ['run_id', "Invalid order by key 'run_id"],
    ['name DES', "Invalid ordering key in order_by clause 'name DES"],
  ],
} satisfies Answers;

const ofModelVersions = {
  filters: [
    "name = 'a'",
    "name LIKE 'a%'",
    "run_id = 'r'",
    "run_id IN ('r','s')",
    "name IN ('a')",
    "source_path = 's3://x'",
    "source_path LIKE 's3:%'",
    'version_number = 1',
    "version_number > '2'",
    "tags.a = 'b'",
    "tags.a ILIKE 'b'",
    "attribute.run_id = 'x'",
    "run_id IN ('r',)",
  ],
  refusedFilters: [
    [
      "source_path IN ('a')",
      "Only ['name', 'run_id'] attributes support comparison with a list of quoted string values",
    ],
    ['creation_timestamp > 1', "Invalid attribute key 'creation_timestamp"],
    ['metrics.a = 1', "Invalid entity type 'metrics'"],
    ["run_id > 'a'", "comparator '>'"],
    [
      'run_id IN ()',
      'While parsing a list in the query, expected a non-empty list of string values, but got empty list',
    ],
    [
      'run_id IN (1)',
      'While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list',
    ],
  ],
  orders: ['name', 'version_number DESC', 'creation_timestamp', 'last_updated_timestamp asc'],
  refusedOrders: [
    ['run_id', "Invalid attribute key 'run_id"],
    ['foo', "Invalid attribute key 'foo"],
  ],
} satisfies Answers;

const ofTraces = {
  filters: [
    "status = 'OK'",
    "attributes.status = 'OK'",
    "trace.status = 'OK'",
    "status IN ('OK','ERROR')",
    "status NOT IN ('OK')",
    'timestamp > 1',
    'timestamp_ms >= 1',
    'attributes.timestamp_ms < 5',
    'trace.timestamp_ms < 5',
    'execution_time_ms > 10',
    'execution_time < 10',
    'end_time > 1',
    "name = 'x'",
    "trace.name LIKE 'x%'",
    "run_id = 'r'",
    "request_id = 'tr'",
    "request_id IN ('a','b')",
    "client_request_id = 'c'",
    "prompt = 'a/1'",
    "tags.`a.b` = 'c'",
    'tags.a IS NULL',
    "metadata.k = 'v'",
    "request_metadata.`k` LIKE 'v%'",
    'metadata.k IS NOT NULL',
    "span.name = 'x'",
    "span.type = 'LLM'",
    "span.status != 'OK'",
    "span.attributes.model LIKE '%gpt%'",
    "span.content LIKE '%x%'",
    "feedback.a = 'yes'",
    'feedback.a > 0.5',
    "expectation.b LIKE 'x'",
    'feedback.a IS NULL',
    "expectation.`a b` != 'c'",
    "issue.id = 'i'",
    "trace.text LIKE '%hi%'",
    "name RLIKE '^a'",
    "tags.a RLIKE 'b'",
    "timestamp_ms > 1 AND status = 'OK'",
  ],
  refusedFilters: [
    [
      "metadata.k IN ('v')",
      "Expected a quoted string value for request_metadata (e.g. 'my-value'). Got value ('v')",
    ],
    ["span.content = 'x'", "comparator '='"],
    ["span.foo = 'x'", "Invalid span attribute 'foo'"],
    ["feedback.a > 'x'", "Expected a numeric value for feedback when using comparator '>'. Got value 'x"],
    ['feedback.a = 5', "Expected a quoted string value for feedback (e.g. 'my-value'). Got value 5"],
    ["issue.id LIKE 'x'", "comparator 'LIKE'"],
    ["status > 'a'", "comparator '>'"],
    ["foo = 'x'", "Invalid attribute key 'foo"],
    ["bar.foo = 'x'", "Invalid entity type 'bar'"],
    ["tags.a > 'b'", "comparator '>'"],
    ["status = 'OK' OR name = 'x'", 'Invalid clause(s) in filter string'],
    ["trace_id = 'x'", "Invalid attribute key 'trace_id"],
  ],
  orders: [
    'timestamp DESC',
    'timestamp_ms',
    'attributes.timestamp_ms ASC',
    'execution_time_ms desc',
    'status',
    'name',
    'run_id',
    'request_id',
    'experiment_id',
    'tags.a DESC',
    'metadata.b',
    'end_time',
  ],
  refusedOrders: [
    ['client_request_id', "Invalid attribute key 'client_request_id"],
    ['foo', "Invalid attribute key 'foo"],
  ],
} satisfies Answers;

const ofLoggedModels = {
  filters: [
    "name = 'a'",
    "attributes.name LIKE 'a%'",
    "attributes.name IN ('a','b')",
    "attributes.status = 'READY'",
    "model_type = 'agent'",
    "attributes.source_run_id = 'r'",
    "attributes.model_id NOT IN ('m')",
    'creation_timestamp > 1',
    'attributes.creation_timestamp_ms > 1',
    'creation_time >= 1',
    'last_updated_timestamp < 9',
    'metrics.acc > 0.5',
    'metrics.`a b` <= 1',
    "params.lr = '0.1'",
    "params.lr IN ('0.1','1')",
    "tags.a LIKE 'b'",
    "name like 'a'",
  ],
  refusedFilters: [
    ["tags.a > 'b'", "comparator '>'"],
    ['metrics.a > 1 OR metrics.b > 2', 'Invalid clause(s) in filter string'],
    ["name > 'a'", "comparator '>'"],
  ],
  orders: [],
  refusedOrders: [],
} satisfies Answers;

describe.each([
  { entity: experiments, answers: ofExperiments as Answers },
  { entity: registeredModels, answers: ofRegisteredModels as Answers },
  { entity: modelVersions, answers: ofModelVersions as Answers },
  { entity: traces, answers: ofTraces as Answers },
  { entity: loggedModels, answers: ofLoggedModels as Answers },
])('a search for $entity.name', ({ entity, answers }) => {
  it('takes the filters and orders that MLflow takes', () => {
    for (const filter of answers.filters) expect(() => parseFilter(entity, filter), filter).not.toThrow();
    for (const order of answers.orders) expect(() => parseOrderBy(entity, [order]), order).not.toThrow();
  });

  it('refuses what MLflow refuses, in its words', () => {
    const refusal = (message: string) =>
      expect.objectContaining({ kind: 'invalid_input', message: expect.stringContaining(message) });
    for (const [filter, message] of answers.refusedFilters) {
      expect(() => parseFilter(entity, filter), filter).toThrow(refusal(message));
    }
    for (const [order, message] of answers.refusedOrders) {
      expect(() => parseOrderBy(entity, [order]), order).toThrow(refusal(message));
    }
  });
});
