import type { Scenario } from '../scenario.ts';

const api = '/api/3.0/mlflow/datasets';

export const datasets: Scenario = {
  name: 'evaluation datasets and scorers',
  steps: [
    {
      title: 'makes an experiment',
      method: 'POST',
      path: '/api/2.0/mlflow/experiments/create',
      message: { name: 'comparison/datasets' },
      save: { experiment: 'experiment_id' },
    },
    {
      title: 'makes a dataset',
      method: 'POST',
      path: `${api}/create`,
      message: { name: 'questions', experiment_ids: ['$experiment'], tags: '{"team": "fruit"}' },
      save: { dataset: 'dataset.dataset_id' },
    },
    {
      title: 'refuses a dataset without a name',
      method: 'POST',
      path: `${api}/create`,
      message: { experiment_ids: ['$experiment'] },
    },
    { title: 'gets it', method: 'GET', path: `${api}/$dataset` },
    { title: 'gets none that is not there', method: 'GET', path: `${api}/d-none` },
    {
      title: 'adds records',
      method: 'POST',
      path: `${api}/$dataset/records`,
      message: {
        records: JSON.stringify([
          { inputs: { q: 'why' }, expectations: { a: 'because' } },
          { inputs: { q: 'who' } },
        ]),
      },
    },
    {
      title: 'adds one again',
      method: 'POST',
      path: `${api}/$dataset/records`,
      message: { records: JSON.stringify([{ inputs: { q: 'why' }, expectations: { a: 'so' } }]) },
    },
    { title: 'gets records', method: 'GET', path: `${api}/$dataset/records`, message: { max_results: 10 } },
    {
      title: 'tags it',
      method: 'PATCH',
      path: `${api}/$dataset/tags`,
      message: { tags: '{"colour": "red"}' },
    },
    { title: 'takes a tag away', method: 'DELETE', path: `${api}/$dataset/tags/colour` },
    { title: 'says its experiments', method: 'GET', path: `${api}/$dataset/experiment-ids` },
    {
      title: 'finds it',
      method: 'POST',
      path: `${api}/search`,
      message: { experiment_ids: ['$experiment'], filter_string: "name = 'questions'", max_results: 10 },
    },
    {
      title: 'refuses a filter',
      method: 'POST',
      path: `${api}/search`,
      message: { experiment_ids: ['$experiment'], filter_string: 'name >' },
    },
    {
      title: 'finds it by a query string',
      method: 'GET',
      path: `${api}/search`,
      message: { experiment_ids: ['$experiment'], max_results: 10 },
    },
    {
      title: 'makes another experiment',
      method: 'POST',
      path: '/api/2.0/mlflow/experiments/create',
      message: { name: 'comparison/datasets-other' },
      save: { other: 'experiment_id' },
    },
    {
      title: 'gives it to another experiment',
      method: 'POST',
      path: `${api}/$dataset/add-experiments`,
      message: { dataset_id: '$dataset', experiment_ids: ['$other'] },
    },
    {
      title: 'takes it from one',
      method: 'POST',
      path: `${api}/$dataset/remove-experiments`,
      message: { dataset_id: '$dataset', experiment_ids: ['$other'] },
    },
    {
      title: 'deletes a record that is not there',
      method: 'DELETE',
      path: `${api}/$dataset/records`,
      message: { dataset_id: '$dataset', dataset_record_ids: ['dr-none'] },
    },
    { title: 'deletes it', method: 'DELETE', path: `${api}/$dataset` },
    { title: 'gets it no more', method: 'GET', path: `${api}/$dataset` },
    {
      title: 'registers a scorer',
      method: 'POST',
      path: '/api/3.0/mlflow/scorers/register',
      message: { experiment_id: '$experiment', name: 'polite', serialized_scorer: '{"name": "polite"}' },
    },
    {
      title: 'lists scorers',
      method: 'GET',
      path: '/api/3.0/mlflow/scorers/list',
      message: { experiment_id: '$experiment' },
    },
    {
      title: 'gets a scorer',
      method: 'GET',
      path: '/api/3.0/mlflow/scorers/get',
      message: { experiment_id: '$experiment', name: 'polite' },
    },
    {
      title: 'lists its versions',
      method: 'GET',
      path: '/api/3.0/mlflow/scorers/versions',
      message: { experiment_id: '$experiment', name: 'polite' },
    },
    {
      title: 'deletes a scorer',
      method: 'DELETE',
      path: '/api/3.0/mlflow/scorers/delete',
      message: { experiment_id: '$experiment', name: 'polite' },
    },
  ],
};
