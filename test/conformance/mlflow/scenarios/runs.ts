import type { Scenario, Step } from '../scenario.ts';

const api = '/api/2.0/mlflow/runs';
const post = (title: string, path: string, message: Step['message'], more: Partial<Step> = {}): Step => ({
  title,
  method: 'POST',
  path,
  ...(message ? { message } : {}),
  ...more,
});
const metric = (key: string, value: unknown, timestamp: number, step: number) => ({
  key,
  value,
  timestamp,
  step,
});
const find = (title: string, message: Step['message']): Step =>
  post(title, `${api}/search`, { experiment_ids: ['$experiment'], max_results: 50, ...message });

const made: readonly Step[] = [
  post(
    'makes an experiment',
    '/api/2.0/mlflow/experiments/create',
    { name: 'comparison/runs' },
    { save: { experiment: 'experiment_id' } },
  ),
  post(
    'makes an experiment for what goes wrong',
    '/api/2.0/mlflow/experiments/create',
    { name: 'comparison/scratch' },
    { save: { scratch: 'experiment_id' } },
  ),
  post(
    'creates one to vary',
    `${api}/create`,
    {
      experiment_id: '$scratch',
      user_id: 'ann',
      run_name: 'first',
      start_time: 1_700_000_000_000,
      tags: [{ key: 'kind', value: 'a' }],
    },
    { variants: true },
  ),
  post(
    'creates one',
    `${api}/create`,
    {
      experiment_id: '$experiment',
      user_id: 'ann',
      run_name: 'first',
      start_time: 1_700_000_000_000,
      tags: [{ key: 'kind', value: 'a' }],
    },
    { save: { run: 'run.info.run_id' } },
  ),
  post(
    'creates a second',
    `${api}/create`,
    {
      experiment_id: '$experiment',
      run_name: 'second',
      start_time: 1_700_000_001_000,
      tags: [{ key: 'kind', value: 'b' }],
    },
    { save: { second: 'run.info.run_id' } },
  ),
  post('refuses an unknown experiment', `${api}/create`, { experiment_id: '424242' }),
  post('refuses a name and another name in the tag', `${api}/create`, {
    experiment_id: '$experiment',
    run_name: 'a',
    tags: [{ key: 'mlflow.runName', value: 'b' }],
  }),
];

const logged: readonly Step[] = [
  post(
    'logs a metric',
    `${api}/log-metric`,
    { run_id: '$run', key: 'loss', value: 0.5, timestamp: 1000, step: 1 },
    { variants: true },
  ),
  post('logs a metric that is no number', `${api}/log-metric`, {
    run_id: '$run',
    key: 'odd',
    value: 'NaN',
    timestamp: 1000,
  }),
  post('logs an infinite metric', `${api}/log-metric`, {
    run_id: '$run',
    key: 'big',
    value: 'Infinity',
    timestamp: 1000,
  }),
  post(
    'logs a param to vary',
    `${api}/log-parameter`,
    { run_id: '$run', key: 'varied', value: '' },
    { variants: true },
  ),
  post('logs a param', `${api}/log-parameter`, { run_id: '$run', key: 'depth', value: '3' }),
  post('logs the same param again', `${api}/log-parameter`, { run_id: '$run', key: 'depth', value: '3' }),
  post('refuses another value of a param', `${api}/log-parameter`, {
    run_id: '$run',
    key: 'depth',
    value: '4',
  }),
  post('sets a tag', `${api}/set-tag`, { run_id: '$run', key: 'colour', value: 'red' }, { variants: true }),
  post('sets a tag to forget', `${api}/set-tag`, { run_id: '$run', key: 'short', value: 'lived' }),
  post('takes a tag away', `${api}/delete-tag`, { run_id: '$run', key: 'short' }, { variants: true }),
  post('refuses to take away a tag that is not there', `${api}/delete-tag`, { run_id: '$run', key: 'short' }),
  ...['/a', '../a', 'a//b', 'a/', '.', 'a\\b', 'tab\t', 'q?'].map((key) =>
    post(`refuses the metric name ${JSON.stringify(key)}`, `${api}/log-metric`, {
      run_id: '$run',
      key,
      value: 1,
      timestamp: 1,
    }),
  ),
  ...['a b', 'a/b.c-d_e', 'größe', 'a:b'].map((key) =>
    post(`takes the metric name ${key}`, `${api}/log-metric`, {
      run_id: '$run',
      key,
      value: 1,
      timestamp: 1,
    }),
  ),
  post(
    'logs a batch',
    `${api}/log-batch`,
    {
      run_id: '$run',
      metrics: [
        metric('loss', 0.4, 2000, 2),
        metric('loss', 0.3, 1500, 3),
        metric('loss', 0.9, 9000, 0),
        metric('acc', 0.9, 2000, 2),
        metric('neg', 1, 5, -3),
      ],
      params: [{ key: 'eta', value: '0.1' }],
      tags: [{ key: 'stage', value: 'x' }],
    },
    { variants: true },
  ),
  post('logs the same batch again', `${api}/log-batch`, {
    run_id: '$run',
    metrics: [metric('loss', 0.4, 2000, 2)],
    params: [{ key: 'eta', value: '0.1' }],
    tags: [],
  }),
  post('refuses a batch with a param of another value', `${api}/log-batch`, {
    run_id: '$run',
    metrics: [metric('never', 1, 1, 1)],
    params: [{ key: 'eta', value: '0.2' }],
    tags: [],
  }),
  post('refuses a param twice in a batch', `${api}/log-batch`, {
    run_id: '$run',
    params: [
      { key: 'p', value: '1' },
      { key: 'p', value: '2' },
    ],
  }),
  post('refuses 1,001 metrics', `${api}/log-batch`, {
    run_id: '$run',
    metrics: Array.from({ length: 1001 }, (_one, at) => metric('many', at, at, at)),
  }),
  post('refuses 101 params', `${api}/log-batch`, {
    run_id: '$run',
    params: Array.from({ length: 101 }, (_one, at) => ({ key: `p${at}`, value: '1' })),
  }),
  post('refuses 101 tags', `${api}/log-batch`, {
    run_id: '$run',
    tags: Array.from({ length: 101 }, (_one, at) => ({ key: `t${at}`, value: '1' })),
  }),
  post('logs for a run that is not there', `${api}/log-metric`, {
    run_id: 'f'.repeat(32),
    key: 'loss',
    value: 1,
    timestamp: 1,
  }),
  post(
    'logs inputs',
    `${api}/log-inputs`,
    {
      run_id: '$run',
      datasets: [
        {
          tags: [{ key: 'mlflow.data.context', value: 'train' }],
          dataset: { name: 'iris', digest: 'abc', source_type: 'local', source: '{}' },
        },
      ],
    },
    { variants: true },
  ),
  { title: 'reads the run', method: 'GET', path: `${api}/get`, message: { run_id: '$run' }, variants: true },
  {
    title: 'reads the history of a metric',
    method: 'GET',
    path: '/api/2.0/mlflow/metrics/get-history',
    message: { run_id: '$run', metric_key: 'loss' },
    variants: true,
  },
  {
    title: 'reads a page of a history',
    method: 'GET',
    path: '/api/2.0/mlflow/metrics/get-history',
    message: { run_id: '$run', metric_key: 'loss', max_results: 2 },
  },
  {
    title: 'reads the history of an unknown metric',
    method: 'GET',
    path: '/api/2.0/mlflow/metrics/get-history',
    message: { run_id: '$run', metric_key: 'none' },
  },
  {
    title: 'reads the history of a metric that is no number',
    method: 'GET',
    path: '/api/2.0/mlflow/metrics/get-history',
    message: { run_id: '$run', metric_key: 'odd' },
  },
  {
    title: 'reads histories in an interval',
    method: 'GET',
    path: '/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval',
    message: { run_ids: ['$run', '$second'], metric_key: 'loss', max_results: 10 },
  },
  {
    title: 'reads histories of several runs',
    method: 'GET',
    path: '/ajax-api/2.0/mlflow/metrics/get-history-bulk',
    message: { run_id: ['$run', '$second'], metric_key: 'loss' },
  },
  post('records a model as MLflow 2 does', `${api}/log-model`, {
    run_id: '$run',
    model_json: JSON.stringify({
      artifact_path: 'model',
      utc_time_created: '2026-01-01',
      flavors: {},
      run_id: 'r',
    }),
  }),
  {
    title: 'lists the artifacts of a run',
    method: 'GET',
    path: '/api/2.0/mlflow/artifacts/list',
    message: { run_id: '$run' },
  },
  post('lists the datasets of experiments', '/ajax-api/2.0/mlflow/experiments/search-datasets', {
    experiment_ids: ['$experiment'],
  }),
];

const searched: readonly Step[] = [
  post('gives the second other values', `${api}/log-batch`, {
    run_id: '$second',
    metrics: [metric('loss', 0.1, 1, 1), metric('acc', 0.5, 1, 1)],
    params: [{ key: 'depth', value: '5' }],
    tags: [{ key: 'with space', value: 'yes' }],
  }),
  ...[
    'metrics.loss < 0.35',
    'metric.loss >= 0.3',
    'metrics.acc = 0.5',
    'metrics.acc != 0.5',
    'metrics."a b" > 0',
    'metrics.`a b` > 0',
    "params.depth = '3'",
    "param.depth != '3'",
    "params.depth LIKE '%5'",
    "params.depth ILIKE '5%'",
    "tags.kind = 'a'",
    'tags.kind IS NULL',
    'tags.colour IS NOT NULL',
    'tags."with space" = \'yes\'',
    "tag.kind LIKE 'A'",
    "tag.kind ILIKE 'A'",
    "attributes.run_name = 'first'",
    "run_name LIKE 'sec%'",
    "attribute.status = 'RUNNING'",
    "status != 'RUNNING'",
    'start_time > 1700000000500',
    'attributes.created <= 1700000000500',
    "user_id = 'ann'",
    "datasets.name = 'iris'",
    "dataset.digest IN ('abc', 'def')",
    "datasets.context = 'train'",
    "attributes.run_id IN ('$run')",
    "run_id NOT IN ('$run')",
    "metrics.loss < 0.35 AND tags.kind = 'a'",
    "  metrics.loss<1 and params.depth='3' ",
  ].map((filter) => find(`finds those with ${filter}`, { filter, order_by: ['start_time ASC'] })),
  ...[
    'metrics.loss',
    'metrics.loss <',
    "metrics.loss > 'a'",
    'params.depth = 3',
    "params.depth > '3'",
    "attributes.nothing = 'a'",
    'status = RUNNING',
    "tags.kind = 'a' OR tags.kind = 'b'",
    "(tags.kind = 'a')",
    'loss > 1 2',
    "metrics.loss LIKE '1'",
    "params.depth IN ('3')",
    "start_time LIKE '17%'",
    "'a' = tags.kind",
    "tags.kind = 'a",
    'datasets.colour = 1',
    "foo.bar = 'a'",
    'tags.kind IS',
    'attributes.start_time = "soon"',
  ].map((filter) => find(`refuses the filter ${filter}`, { filter })),
  ...[
    ['metrics.loss DESC'],
    ['metrics.loss ASC', 'start_time'],
    ['params.depth DESC'],
    ['tags.kind'],
    ['metrics.odd ASC'],
    ['metrics.odd DESC'],
    ['attributes.start_time DESC'],
    ['run_name'],
    ['metrics.`a b`'],
    ['status', 'end_time DESC'],
    ['metrics.none'],
  ].map((orderBy) =>
    find(`orders by ${orderBy.join(', ')}`, {
      filter: 'attributes.start_time > 1600000000000 AND attributes.start_time < 1700000002000',
      order_by: orderBy,
    }),
  ),
  ...[['loss'], ['metrics.loss SIDEWAYS'], ['metrics.loss', 'metrics.loss'], ['foo.bar'], ['']].map(
    (orderBy) => find(`refuses the order ${orderBy.join(', ')}`, { order_by: orderBy }),
  ),
  find('finds a page', { max_results: 1, order_by: ['start_time ASC'], filter: 'attributes.start_time > 0' }),
  find('refuses a page of none', { max_results: 0 }),
  find('refuses too large a page', { max_results: 50_001 }),
  find('refuses a token of its own making', { page_token: 'mine' }),
  find('refuses an unknown view', { run_view_type: 'SOME' }),
];

const ended: readonly Step[] = [
  post(
    'ends one',
    `${api}/update`,
    { run_id: '$run', status: 'FINISHED', end_time: 1_700_000_009_000, run_name: 'renamed' },
    { variants: true },
  ),
  post('deletes one', `${api}/delete`, { run_id: '$second' }, { variants: true }),
  post('refuses metrics of a deleted run', `${api}/log-metric`, {
    run_id: '$second',
    key: 'loss',
    value: 1,
    timestamp: 1,
  }),
  post('refuses tags of a deleted run', `${api}/set-tag`, { run_id: '$second', key: 'a', value: 'b' }),
  post('refuses to end a deleted run', `${api}/update`, { run_id: '$second', status: 'FINISHED' }),
  { title: 'reads a deleted run', method: 'GET', path: `${api}/get`, message: { run_id: '$second' } },
  find('finds deleted runs', { run_view_type: 'DELETED_ONLY' }),
  post('restores it', `${api}/restore`, { run_id: '$second' }, { variants: true }),
  post('takes a metric again', `${api}/log-metric`, {
    run_id: '$second',
    key: 'loss',
    value: 1,
    timestamp: 1,
  }),
];

export const runs: Scenario = { name: 'runs', steps: [...made, ...logged, ...searched, ...ended] };
