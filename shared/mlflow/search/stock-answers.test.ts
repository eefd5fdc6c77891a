import { describe, expect, it } from 'vitest';
import { runs } from './entities.ts';
import type { SearchRecord } from './entity.ts';
import { matches, parseFilter } from './filter.ts';
import { compare, parseOrderBy } from './order.ts';

/** What mlflow 3.17.2 answers for these runs (mlflow.utils.search_utils.SearchUtils), written down as facts. */
const attributes = (
  run_id: string,
  start_time: number,
  status: string,
  run_name: string,
  end_time?: number,
) => ({
  run_id,
  start_time,
  status,
  run_name,
  end_time,
  user_id: 'anna',
  artifact_uri: `mlflow-artifacts:/1/${run_id}/artifacts`,
});
const records: readonly SearchRecord[] = [
  {
    id: 'r1',
    attributes: attributes('r1', 100, 'FINISHED', 'first run', 200),
    metrics: { loss: 0.5, acc: 0.9, 'a b': 1 },
    params: { model: 'LR', depth: '4' },
    tags: { env: 'prod', 'mlflow.user': 'anna', 'a b': 'x%y' },
    datasets: [{ name: 'wine', digest: 'd1', context: 'train' }],
  },
  {
    id: 'r2',
    attributes: attributes('r2', 100, 'RUNNING', 'second'),
    metrics: { loss: 0.25, acc: Number.NaN },
    params: { model: 'lr_2' },
    tags: { env: 'Production' },
    datasets: [
      { name: 'wine', digest: 'd2', context: 'eval' },
      { name: 'beer', digest: 'd3', context: 'train' },
    ],
  },
  {
    id: 'r3',
    attributes: attributes('r3', 300, 'FAILED', 'Third', 400),
    metrics: { loss: Number.POSITIVE_INFINITY },
    params: { model: 'RF', depth: '10' },
  },
  {
    id: 'r4',
    attributes: attributes('r4', 50, 'KILLED', '4', 60),
    tags: { env: '', note: 'line\nbreak' },
    datasets: [{ name: 'wine', digest: 'd1' }],
  },
];

/** Filter, and the runs that it leaves. */
const filters: readonly [string, string][] = [
  ['metrics.loss > 0.3', 'r1 r3'],
  ['metric.loss >= 0.25 and metrics.loss<1', 'r1 r2'],
  ['metrics.loss != 0.5', 'r2 r3'],
  ['metrics.acc != 0.9', 'r2'],
  ['metrics.acc = 0.9', 'r1'],
  ['metrics.acc < 1e3', 'r1'],
  ['metrics.`a b` = 1', 'r1'],
  ['metrics."a b" >= 1.0', 'r1'],
  ['metrics.loss > -1', 'r1 r2 r3'],
  ["params.model = 'LR'", 'r1'],
  ['params.model = "LR"', 'r1'],
  ["param.model != 'LR'", 'r2 r3'],
  ["parameters.model LIKE 'lr%'", 'r2'],
  ["parameter.model ILIKE 'LR%'", 'r1 r2'],
  ["params.model LIKE '%R'", 'r1'],
  ["params.model LIKE '_R'", 'r1'],
  ["params.model LIKE 'L%R'", 'r1'],
  ["params.model LIKE 'lr__'", 'r2'],
  ['params.depth IS NULL', 'r2 r4'],
  ['params.depth is not null', 'r1 r3'],
  ["params.depth = '4' AND params.model = 'LR'", 'r1'],
  ["tags.env = 'prod'", 'r1'],
  ["tag.env != 'prod'", 'r2 r4'],
  ["tags.env ilike 'PROD%'", 'r1 r2'],
  ["tags.env = ''", 'r4'],
  ["tags.mlflow.user = 'anna'", 'r1'],
  ["tags.`mlflow.user` = 'anna'", 'r1'],
  ['tags."a b" LIKE \'x%y\'', 'r1'],
  ['tags.note IS NOT NULL', 'r4'],
  ['tags.env IS NULL', 'r3'],
  ["status = 'FINISHED'", 'r1'],
  ["attributes.status != 'FINISHED'", 'r2 r3 r4'],
  ["attribute.status LIKE 'F%'", 'r1 r3'],
  ["attr.status ILIKE 'f%'", 'r1 r3'],
  ["run.status = 'RUNNING'", 'r2'],
  ["run_id IN ('r1', 'r3')", 'r1 r3'],
  ["attributes.run_id NOT IN ('r1','r2')", 'r3 r4'],
  ["run_id = 'r1'", 'r1'],
  ["attributes.run_id LIKE 'r%'", 'r1 r2 r3 r4'],
  ["run_name = 'second'", 'r2'],
  ["attributes.`run name` = 'second'", 'r2'],
  ['attributes."Run name" LIKE \'%run\'', 'r1'],
  ["run_name ILIKE 'THIRD'", 'r3'],
  ["user_id = 'anna'", 'r1 r2 r3 r4'],
  ["artifact_uri LIKE 'mlflow-artifacts:/1/r2/%'", 'r2'],
  ['start_time > 100', 'r3'],
  ['attributes.start_time <= 100', 'r1 r2 r4'],
  ['created = 300', 'r3'],
  ['attributes.Created != 100', 'r3 r4'],
  ['end_time < 100', 'r4'],
  ['end_time != 60', 'r1 r3'],
  ['attributes.end_time >= 200', 'r1 r3'],
  ["dataset.name = 'wine'", 'r1 r2 r4'],
  ["datasets.name != 'wine'", 'r2'],
  ["dataset.digest IN ('d1','d3')", 'r1 r2 r4'],
  ["dataset.context = 'train'", 'r1 r2'],
  ["dataset.name LIKE 'w%' AND dataset.context = 'eval'", 'r2'],
  ["dataset.name NOT IN ('wine')", 'r2'],
  ["dataset.context ILIKE 'TRAIN'", 'r1 r2'],
  ['', 'r1 r2 r3 r4'],
  ['run_id IN ("r1")', 'r1'],
  ["run_id IN ('r1',)", 'r1'],
  ["params.model='LR'and metrics.loss=0.5", 'r1'],
];

/** Filter, and how the message begins with which it is refused. */
const refusedFilters: readonly [string, string][] = [
  [
    'metric.acc >= 0.94; metrics.rmse < 1',
    "Search filter contained multiple expression 'metric.acc >= 0.94; metrics.rmse < 1'. Provide AND-ed expression list.",
  ],
  ['m.acc >= 0.94', "Invalid entity type 'm"],
  ['acc >= 0.94', "Invalid attribute key 'acc' specified. Valid keys are"],
  ["p.model >= 'LR'", "Invalid entity type 'p"],
  ['attri.x != 1', "Invalid entity type 'attri"],
  ['a.x != 1', "Invalid entity type 'a"],
  ["model >= 'LR'", "Invalid attribute key 'model' specified. Valid keys are"],
  ["metrics.A > 0.1 OR params.B = 'LR'", 'Invalid clause(s) in filter string'],
  ["metrics.A > 0.1 NAND params.B = 'LR'", 'Invalid clause(s) in filter string'],
  ["metrics.A > 0.1 AND (params.B = 'LR')", 'Invalid clause(s) in filter string'],
  ['`metrics.A > 0.1', 'Invalid clause(s) in filter string'],
  ['param`.A > 0.1', 'Invalid clause(s) in filter string'],
  ['`dummy.A > 0.1', 'Invalid clause(s) in filter string'],
  ['dummy`.A > 0.1', 'Invalid clause(s) in filter string'],
  ['attribute.start != 1', "Invalid attribute key 'start' specified. Valid keys are"],
  ['attribute.experiment_id != 1', "Invalid attribute key 'experiment_id' specified. Valid keys are"],
  [
    "attribute.lifecycle_stage = 'ACTIVE'",
    "Invalid attribute key 'lifecycle_stage' specified. Valid keys are",
  ],
  ['attribute.name != 1', "Invalid attribute key 'name' specified. Valid keys are"],
  ['attribute.time != 1', "Invalid attribute key 'time' specified. Valid keys are"],
  ["attribute._status != 'RUNNING'", "Invalid attribute key '_status' specified. Valid keys are"],
  ['attribute.status = true', 'Invalid clause(s) in filter string'],
  ["dataset.status = 'true'", "Invalid dataset key 'status' specified. Valid keys are"],
  ["dataset.profile = 'x'", "Invalid dataset key 'profile' specified. Valid keys are"],
  ['metrics.acc = LR', 'Expected numeric value type for metric. Found LR'],
  ["metric.acc = '1'", "Expected numeric value type for metric. Found '1"],
  ["metrics.acc LIKE 'x'", "Expected numeric value type for metric. Found 'x"],
  ["metrics.acc IN ('a')", "Expected numeric value type for metric. Found ('a')"],
  ['parameter.acc = 5', "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 5"],
  ['tags.acc = 5', "Expected a quoted string value for tag (e.g. 'my-value'). Got value 5"],
  [
    'params.acc = LR',
    'Parameter value is either not quoted or unidentified quote types used for string value LR. Use either single or double quotes.',
  ],
  [
    'tags.acc = LR',
    'Parameter value is either not quoted or unidentified quote types used for string value LR. Use either single or double quotes.',
  ],
  [
    'params.acc = `LR`',
    'Parameter value is either not quoted or unidentified quote types used for string value `LR`. Use either single or double quotes.',
  ],
  ["params.'acc = LR", 'Invalid clause(s) in filter string'],
  ["params.acc = 'LR", 'Invalid clause(s) in filter string'],
  ["params.acc = LR'", 'Invalid clause(s) in filter string'],
  ['params.acc = "LR\'', 'Invalid clause(s) in filter string'],
  ["tags.acc = = 'LR'", 'Invalid clause(s) in filter string'],
  ["attribute.status IS 'RUNNING'", 'Invalid clause(s) in filter string'],
  ['1.0 > metrics.acc', "Invalid comparison clause. Expected 'Identifier' found '1.0"],
  ["params.a > 'b'", "Invalid comparator '>' not one of"],
  ["params.a IN ('b')", "Expected a quoted string value for parameter (e.g. 'my-value'). Got value ('b')"],
  ["tags.a < 'b'", "Invalid comparator '<' not one of"],
  ["attributes.status > 'a'", "Invalid comparator '>' not one of"],
  [
    "attributes.status IN ('RUNNING')",
    "Only ['run_id'] attributes support comparison with a list of quoted string values.",
  ],
  ['attributes.status = 1', 'Expected a quoted string value for attributes. Got value 1'],
  ["attributes.start_time = '1'", "Expected numeric value type for numeric attribute: start_time. Found '1"],
  [
    "attributes.start_time LIKE '1'",
    "Expected numeric value type for numeric attribute: start_time. Found '1",
  ],
  [
    'run_id IN ()',
    'While parsing a list in the query, expected a non-empty list of string values, but got empty list',
  ],
  [
    'run_id IN (1, 2)',
    'While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list',
  ],
  [
    "run_id IN ('a', 1)",
    'While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list',
  ],
  ['metrics.a IS NULL', "IS NULL / IS NOT NULL is only supported for tags and params, not for 'metric' 'a"],
  [
    'status IS NULL',
    "IS NULL / IS NOT NULL is only supported for tags and params, not for 'attribute' 'status",
  ],
  ["dataset.name > 'a'", "Invalid comparator '>' not one of"],
  ['dataset.name = 5', 'Expected a quoted string value for dataset attributes. Got value 5'],
  ["params.a NOT LIKE 'b'", "Invalid comparator 'NOT LIKE' not one of"],
  ['metrics.a == 1', "Invalid comparator '==' not one of"],
  ['metrics.a <> 1', "Invalid comparator '<>' not one of"],
  ['metrics.', 'Invalid clause(s) in filter string'],
  ['params.a =', 'Invalid clause(s) in filter string'],
];

/** Order, and the runs in it. */
const orders: readonly [readonly string[], string][] = [
  [['metrics.loss'], 'r2 r1 r3 r4'],
  [['metrics.loss DESC'], 'r3 r1 r2 r4'],
  [['metrics.acc asc'], 'r1 r2 r3 r4'],
  [['params.depth'], 'r3 r1 r2 r4'],
  [['params.depth DESC'], 'r1 r3 r2 r4'],
  [['tags.env'], 'r4 r2 r1 r3'],
  [['start_time'], 'r4 r1 r2 r3'],
  [['created DESC'], 'r3 r1 r2 r4'],
  [['end_time'], 'r4 r1 r3 r2'],
  [['attributes.end_time DESC'], 'r3 r1 r4 r2'],
  [['metrics.`a b`'], 'r1 r3 r2 r4'],
  [['status', 'metrics.loss DESC'], 'r3 r1 r4 r2'],
  [['run_name desc'], 'r2 r1 r3 r4'],
  [['attribute.run_id DESC'], 'r4 r3 r2 r1'],
  [[], 'r3 r1 r2 r4'],
];

const refusedOrders: readonly [string, string][] = [
  ['metrics.loss up', "Invalid ordering key in order_by clause 'metrics.loss up"],
  ['metrics.loss ASC x', "Invalid order_by clause 'metrics.loss ASC x'. Could not be parsed."],
  ['1', "Invalid order_by clause '1'. Could not be parsed."],
  ['acc', "Invalid attribute key 'acc' specified. Valid keys are"],
  ['foo.bar', "Invalid entity type 'foo"],
  ['attribute.lifecycle_stage', "Invalid attribute key 'lifecycle_stage' specified. Valid keys are"],
  ['dataset.name', "Invalid order_by entity type 'dataset"],
  ['metrics.loss;', "Invalid order_by clause 'metrics.loss;'. Could not be parsed."],
  ['', "Invalid order_by clause ''. Could not be parsed."],
  ['metrics.a ASC, b', "Invalid order_by clause 'metrics.a ASC, b'. Could not be parsed."],
];

describe("MLflow's own answers", () => {
  it.each(filters)('for the filter %s', (filter, expected) => {
    const parsed = parseFilter(runs, filter);
    const found = records.filter((record) => matches(parsed, record));
    expect(found.map(({ id }) => id).join(' ')).toBe(expected);
  });

  it.each(refusedFilters)('refuse the filter %s', (filter, message) => {
    expect(() => parseFilter(runs, filter)).toThrow(
      expect.objectContaining({ kind: 'invalid_input', message: expect.stringContaining(message) }),
    );
  });

  it.each(orders)('for the order %s', (orderBy, expected) => {
    const order = parseOrderBy(runs, orderBy);
    const sorted = records.toSorted((a, b) => compare(order, a, b));
    expect(sorted.map(({ id }) => id).join(' ')).toBe(expected);
  });

  it.each(refusedOrders)('refuse the order %s', (clause, message) => {
    expect(() => parseOrderBy(runs, [clause])).toThrow(
      expect.objectContaining({ kind: 'invalid_input', message: expect.stringContaining(message) }),
    );
  });
});
