import type { Scenario } from '../scenario.ts';

const api = '/api/2.0/mlflow-artifacts/artifacts';

export const artifacts: Scenario = {
  name: 'artifacts',
  steps: [
    {
      title: 'makes a run',
      method: 'POST',
      path: '/api/2.0/mlflow/runs/create',
      message: { experiment_id: '0' },
      save: { run: 'run.info.run_id' },
    },
    { title: 'uploads', method: 'PUT', path: `${api}/0/$run/artifacts/notes.txt`, bytes: 'three plums' },
    { title: 'uploads nothing', method: 'PUT', path: `${api}/0/$run/artifacts/empty`, bytes: '' },
    {
      title: 'uploads into a folder',
      method: 'PUT',
      path: `${api}/0/$run/artifacts/sub/${encodeURIComponent('a b%ü.txt')}`,
      bytes: 'x',
    },
    { title: 'downloads', method: 'GET', path: `${api}/0/$run/artifacts/notes.txt` },
    { title: 'downloads nothing', method: 'GET', path: `${api}/0/$run/artifacts/empty` },
    {
      title: 'downloads from a folder',
      method: 'GET',
      path: `${api}/0/$run/artifacts/sub/${encodeURIComponent('a b%ü.txt')}`,
    },
    { title: 'lists a folder', method: 'GET', path: api, message: { path: '0/$run/artifacts' } },
    { title: 'lists a folder inside', method: 'GET', path: api, message: { path: '0/$run/artifacts/sub' } },
    { title: 'lists an empty folder', method: 'GET', path: api, message: { path: '0/$run/artifacts/none' } },
    {
      title: 'lists by the run',
      method: 'GET',
      path: '/api/2.0/mlflow/artifacts/list',
      message: { run_id: '$run' },
    },
    {
      title: 'lists a folder by the run',
      method: 'GET',
      path: '/api/2.0/mlflow/artifacts/list',
      message: { run_id: '$run', path: 'sub' },
    },
    {
      title: 'refuses to list upwards',
      method: 'GET',
      path: '/api/2.0/mlflow/artifacts/list',
      message: { run_id: '$run', path: '../..' },
    },
    {
      title: 'gets one as the web page does',
      method: 'GET',
      path: '/get-artifact',
      message: { run_id: '$run', path: 'notes.txt' },
    },
    {
      title: 'uploads as the web page does',
      method: 'POST',
      path: '/ajax-api/2.0/mlflow/upload-artifact?run_uuid=$run&path=page.txt',
      bytes: 'four pears',
    },
    { title: 'deletes', method: 'DELETE', path: `${api}/0/$run/artifacts/notes.txt` },
    { title: 'lists what is left', method: 'GET', path: api, message: { path: '0/$run/artifacts' } },
    { title: 'says that it is well', method: 'GET', path: '/health' },
    { title: 'says its version', method: 'GET', path: '/version' },
  ],
};
