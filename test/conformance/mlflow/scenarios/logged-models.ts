import type { Scenario, Step } from '../scenario.ts';

const api = '/api/2.0/mlflow/logged-models';
const found = (title: string, message: Step['message']): Step => ({
  title,
  method: 'POST',
  path: `${api}/search`,
  message: { experiment_ids: ['$experiment'], max_results: 20, ...message },
});

export const loggedModels: Scenario = {
  name: 'logged models',
  steps: [
    {
      title: 'makes an experiment',
      method: 'POST',
      path: '/api/2.0/mlflow/experiments/create',
      message: { name: 'comparison/models' },
      save: { experiment: 'experiment_id' },
    },
    {
      title: 'makes another',
      method: 'POST',
      path: '/api/2.0/mlflow/experiments/create',
      message: { name: 'comparison/models-scratch' },
      save: { scratch: 'experiment_id' },
    },
    {
      title: 'makes a run',
      method: 'POST',
      path: '/api/2.0/mlflow/runs/create',
      message: { experiment_id: '$experiment' },
      save: { run: 'run.info.run_id' },
    },
    {
      title: 'makes one to vary',
      method: 'POST',
      path: api,
      message: {
        experiment_id: '$scratch',
        name: 'm',
        model_type: 'agent',
        params: [{ key: 'a', value: '1' }],
        tags: [{ key: 't', value: 'u' }],
      },
      variants: true,
    },
    {
      title: 'makes one',
      method: 'POST',
      path: api,
      message: {
        experiment_id: '$experiment',
        name: 'tree',
        model_type: 'sklearn',
        source_run_id: '$run',
        params: [{ key: 'depth', value: '3' }],
        tags: [{ key: 'kind', value: 'a' }],
      },
      save: { model: 'model.info.model_id' },
    },
    ...['a/b', 'a:b', 'a.b', 'a%b', "a'b"].map((name) => ({
      title: `refuses the name ${name}`,
      method: 'POST' as const,
      path: api,
      message: { experiment_id: '$experiment', name },
    })),
    { title: 'gets it', method: 'GET', path: `${api}/$model` },
    {
      title: 'gets none that is not there',
      method: 'GET',
      path: `${api}/m-00000000000000000000000000000000`,
    },
    {
      title: 'gives it params',
      method: 'POST',
      path: `${api}/$model/params`,
      message: { model_id: '$model', params: [{ key: 'eta', value: '0.1' }] },
    },
    {
      title: 'tags it',
      method: 'PATCH',
      path: `${api}/$model/tags`,
      message: {
        model_id: '$model',
        tags: [
          { key: 'colour', value: 'red' },
          { key: 'short', value: 'lived' },
        ],
      },
    },
    { title: 'takes a tag away', method: 'DELETE', path: `${api}/$model/tags/short` },
    {
      title: 'gives it a metric',
      method: 'POST',
      path: '/api/2.0/mlflow/runs/log-metric',
      message: {
        run_id: '$run',
        key: 'auc',
        value: 0.9,
        timestamp: 5,
        step: 1,
        model_id: '$model',
        dataset_name: 'iris',
        dataset_digest: 'abc',
      },
    },
    {
      title: 'makes it ready',
      method: 'PATCH',
      path: `${api}/$model`,
      message: { model_id: '$model', status: 'LOGGED_MODEL_READY' },
      variants: true,
    },
    {
      title: 'names it an output of the run',
      method: 'POST',
      path: '/api/2.0/mlflow/runs/outputs',
      message: { run_id: '$run', models: [{ model_id: '$model', step: 1 }] },
    },
    {
      title: 'reads the run with its output',
      method: 'GET',
      path: '/api/2.0/mlflow/runs/get',
      message: { run_id: '$run' },
      ignore: { 'run.data.tags': 'the generated name' },
    },
    ...[
      "name = 'tree'",
      "attributes.model_type = 'sklearn'",
      "params.depth = '3'",
      "tags.kind = 'a'",
      'metrics.auc > 0.5',
      "attributes.status = 'READY'",
      "name LIKE 't%'",
      "source_run_id = '$run'",
    ].map((filter) => found(`finds those with ${filter}`, { filter })),
    ...['name >', "colour = 'red'", "metrics.auc > 'a'"].map((filter) =>
      found(`refuses ${filter}`, { filter }),
    ),
    found('orders by a metric', { order_by: [{ field_name: 'metrics.auc', ascending: false }] }),
    found('orders by name', { order_by: [{ field_name: 'name' }] }),
    {
      title: 'uploads a file of it',
      method: 'PUT',
      path: '/api/2.0/mlflow-artifacts/artifacts/$experiment/models/$model/artifacts/MLmodel',
      bytes: 'flavors: {}',
    },
    {
      title: 'lists its files',
      method: 'GET',
      path: '/ajax-api/2.0/mlflow/logged-models/$model/artifacts/directories',
    },
    {
      title: 'gets a file of it as the web page does',
      method: 'GET',
      path: '/ajax-api/2.0/mlflow/logged-models/$model/artifacts/files',
      message: { artifact_file_path: 'MLmodel' },
    },
    { title: 'deletes it', method: 'DELETE', path: `${api}/$model` },
    { title: 'gets it no more', method: 'GET', path: `${api}/$model` },
    {
      title: 'gets it where deleted are allowed',
      method: 'GET',
      path: `${api}/$model`,
      message: { allow_deleted: 'true' },
    },
  ],
};
