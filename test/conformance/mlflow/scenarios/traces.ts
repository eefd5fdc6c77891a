import type { Scenario, Step } from '../scenario.ts';

const v3 = '/api/3.0/mlflow/traces';
const info = {
  trace_id: 'tr-0123456789abcdef0123456789abcdef',
  trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '$experiment' } },
  request_time: '2026-01-01T00:00:00Z',
  execution_duration: '1.5s',
  state: 'OK',
  request_preview: '{"question": "why"}',
  response_preview: '"because"',
  trace_metadata: { 'mlflow.traceInputs': 'x' },
  tags: { 'mlflow.traceName': 'answer', kind: 'a' },
};
const trace = info.trace_id;
const search = (title: string, message: Step['message']): Step => ({
  title,
  method: 'POST',
  path: `${v3}/search`,
  message: {
    locations: [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '$experiment' } }],
    max_results: 10,
    ...message,
  },
});
/** Where a server keeps artifacts of a trace is its own affair. */
const own = {
  'trace.trace_info.tags': 'where artifacts and spans are',
  'traces.tags': 'where artifacts and spans are',
};

export const traces: Scenario = {
  name: 'traces',
  steps: [
    {
      title: 'makes an experiment',
      method: 'POST',
      path: '/api/2.0/mlflow/experiments/create',
      message: { name: 'comparison/traces' },
      save: { experiment: 'experiment_id' },
    },
    {
      title: 'starts a trace',
      method: 'POST',
      path: v3,
      message: { trace: { trace_info: info } },
      ignore: own,
    },
    { title: 'gets its info', method: 'GET', path: `${v3}/${trace}`, ignore: own },
    { title: 'gets none that is not there', method: 'GET', path: `${v3}/tr-none` },
    {
      title: 'tags it',
      method: 'PATCH',
      path: `/api/2.0/mlflow/traces/${trace}/tags`,
      message: { key: 'colour', value: 'red' },
    },
    {
      title: 'takes a tag away',
      method: 'DELETE',
      path: `/api/2.0/mlflow/traces/${trace}/tags`,
      message: { key: 'colour' },
    },
    {
      title: 'takes a tag away that is not there',
      method: 'DELETE',
      path: `/api/2.0/mlflow/traces/${trace}/tags`,
      message: { key: 'colour' },
    },
    {
      title: 'gives feedback',
      method: 'POST',
      path: `${v3}/${trace}/assessments`,
      message: {
        assessment: {
          assessment_name: 'correct',
          trace_id: trace,
          source: { source_type: 'HUMAN', source_id: 'ann' },
          feedback: { value: true },
          rationale: 'Yes.',
        },
      },
      save: { feedback: 'assessment.assessment_id' },
    },
    {
      title: 'expects something',
      method: 'POST',
      path: `${v3}/${trace}/assessments`,
      message: {
        assessment: {
          assessment_name: 'answer',
          trace_id: trace,
          source: { source_type: 'HUMAN', source_id: 'ann' },
          expectation: { value: 42 },
        },
      },
    },
    { title: 'gets feedback', method: 'GET', path: `${v3}/${trace}/assessments/$feedback` },
    {
      title: 'corrects feedback',
      method: 'PATCH',
      path: `${v3}/${trace}/assessments/$feedback`,
      message: {
        assessment: {
          assessment_name: 'correct',
          trace_id: trace,
          assessment_id: '$feedback',
          feedback: { value: false },
          rationale: 'No.',
        },
        update_mask: 'feedback,rationale',
      },
    },
    { title: 'gets no feedback that is not there', method: 'GET', path: `${v3}/${trace}/assessments/a-none` },
    ...[
      "trace.status = 'OK'",
      "tags.kind = 'a'",
      "attributes.name = 'answer'",
      'trace.timestamp_ms > 0',
      "metadata.`mlflow.traceInputs` = 'x'",
      "feedback.correct = 'false'",
    ].map((filter) => ({ ...search(`finds those with ${filter}`, { filter }), ignore: own })),
    ...['trace.status >', 'tags.kind = a', "colour = 'red'"].map((filter) =>
      search(`refuses ${filter}`, { filter }),
    ),
    search('refuses too large a page', { max_results: 501 }),
    { title: 'deletes feedback', method: 'DELETE', path: `${v3}/${trace}/assessments/$feedback` },
    {
      title: 'refuses to delete without saying which',
      method: 'POST',
      path: '/api/2.0/mlflow/traces/delete-traces',
      message: { experiment_id: '$experiment' },
    },
    { title: 'gets it whole, without spans', method: 'GET', path: `${v3}/get`, message: { trace_id: trace } },
    {
      title: 'gets several',
      method: 'GET',
      path: `${v3}/batchGet`,
      message: { trace_ids: [trace] },
      ignore: own,
    },
    {
      title: 'gets the infos of several',
      method: 'POST',
      path: `${v3}/batchGetInfos`,
      message: { trace_ids: [trace, 'tr-none'] },
      ignore: { 'trace_infos.tags': 'where artifacts and spans are' },
    },
    {
      title: 'makes a run',
      method: 'POST',
      path: '/api/2.0/mlflow/runs/create',
      message: { experiment_id: '$experiment' },
      save: { run: 'run.info.run_id' },
    },
    {
      title: 'links it to the run',
      method: 'POST',
      path: '/api/2.0/mlflow/traces/link-to-run',
      message: { trace_ids: [trace], run_id: '$run' },
    },
    { ...search('finds those of the run', { filter: "attributes.run_id = '$run'" }), ignore: own },
    {
      title: 'links a prompt to it',
      method: 'POST',
      path: '/api/2.0/mlflow/traces/link-prompts',
      message: { trace_id: trace, prompt_versions: [{ name: 'greeting', version: '1' }] },
    },
    {
      title: 'counts traces',
      method: 'POST',
      path: `${v3}/metrics`,
      message: {
        experiment_ids: ['$experiment'],
        view_type: 'TRACES',
        metric_name: 'trace_count',
        aggregations: [{ aggregation_type: 'COUNT' }],
      },
    },
    {
      title: 'compares two filters',
      method: 'POST',
      path: `${v3}/calculate-filter-correlation`,
      message: {
        experiment_ids: ['$experiment'],
        filter_string1: "trace.status = 'OK'",
        filter_string2: "tags.kind = 'a'",
      },
    },
    {
      title: 'starts one as MLflow 2 did',
      method: 'POST',
      path: '/api/2.0/mlflow/traces',
      message: {
        experiment_id: '$experiment',
        timestamp_ms: 1_700_000_000_000,
        request_metadata: [{ key: 'a', value: 'b' }],
        tags: [{ key: 'kind', value: 'old' }],
      },
      save: { old: 'trace_info.request_id' },
      ignore: { 'trace_info.tags': 'where artifacts and spans are' },
    },
    {
      title: 'ends it as MLflow 2 did',
      method: 'PATCH',
      path: '/api/2.0/mlflow/traces/$old',
      message: {
        request_id: '$old',
        timestamp_ms: 1_700_000_001_500,
        status: 'OK',
        request_metadata: [],
        tags: [],
      },
      ignore: { 'trace_info.tags': 'where artifacts and spans are' },
    },
    {
      title: 'gets it as MLflow 2 did',
      method: 'GET',
      path: '/api/2.0/mlflow/traces/$old/info',
      ignore: { 'trace_info.tags': 'where artifacts and spans are' },
    },
    {
      title: 'finds them as MLflow 2 did',
      method: 'GET',
      path: '/api/2.0/mlflow/traces',
      message: { experiment_ids: ['$experiment'], filter: "tags.kind = 'old'", max_results: 10 },
      ignore: { 'traces.tags': 'where artifacts and spans are' },
    },
    {
      title: 'deletes it',
      method: 'POST',
      path: '/api/2.0/mlflow/traces/delete-traces',
      message: { experiment_id: '$experiment', request_ids: [trace] },
    },
    { title: 'gets it no more', method: 'GET', path: `${v3}/${trace}` },
  ],
};
