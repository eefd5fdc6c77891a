import { expect, it } from 'vitest';
import { addressOf, routeOf } from './routes.ts';

it.each([
  ['', { page: 'projects' }],
  ['#/projects', { page: 'projects' }],
  ['#/approvals', { page: 'approvals' }],
  ['#/projects/tumour', { page: 'project', project: 'tumour', tab: 'overview' }],
  ['#/projects/tumour/predict', { page: 'project', project: 'tumour', tab: 'predict' }],
  ['#/projects/tumour/nonsense', { page: 'unknown' }],
  ['#/projects/tumour/data', { page: 'project', project: 'tumour', tab: 'data' }],
  ['#/projects/tumour/data/3', { page: 'dataset-version', project: 'tumour', datasetVersion: 3 }],
  ['#/projects/tumour/data/newest', { page: 'unknown' }],
  [
    '#/projects/tumour/contract-suggestions/s-1',
    { page: 'contract-suggestion', project: 'tumour', suggestionId: 's-1' },
  ],
  ['#/elsewhere', { page: 'unknown' }],
  ['#/experiments', { page: 'experiments', view: '' }],
  [
    '#/experiments/7?filter=a%3F&order=-b',
    { page: 'experiment', experimentId: '7', view: 'filter=a%3F&order=-b' },
  ],
  ['#/experiments/7/runs/abc', { page: 'run', runId: 'abc', tab: 'overview', view: '' }],
  ['#/experiments/7/traces', { page: 'experiment', experimentId: '7', view: '' }],
  ['#/models/wine/versions/3', { page: 'model', model: 'wine' }],
  ['#/runs/abc', { page: 'run', runId: 'abc', tab: 'overview', view: '' }],
  ['#/runs/abc/artifacts?path=a', { page: 'run', runId: 'abc', tab: 'artifacts', view: 'path=a' }],
  ['#/runs/abc/nonsense', { page: 'unknown' }],
  ['#/runs', { page: 'unknown' }],
  ['#/compare?runs=a,b', { page: 'compare', view: 'runs=a,b' }],
  ['#/models?name=w', { page: 'models', view: 'name=w' }],
  ['#/models/my%20model', { page: 'model', model: 'my model' }],
  ['#/projects/%E0%A4%A', { page: 'project', project: '%E0%A4%A', tab: 'overview' }],
])('the address %s is understood', (hash, route) => {
  expect(routeOf(hash)).toEqual(route);
});

it('addresses that the page makes lead back to what they were made of', () => {
  const key = 'incoming/tumour/first part.csv';
  expect(routeOf(addressOf.lineage('tumour', 'upload', key))).toEqual({
    page: 'lineage',
    project: 'tumour',
    kind: 'upload',
    id: key,
  });
  expect(routeOf(addressOf.project('tumour', 'models'))).toMatchObject({ project: 'tumour', tab: 'models' });
  expect(routeOf(addressOf.run('abc', 'artifacts', 'path=a'))).toMatchObject({
    tab: 'artifacts',
    view: 'path=a',
  });
  expect(routeOf(addressOf.experiment('7'))).toEqual({ page: 'experiment', experimentId: '7', view: '' });
  expect(routeOf(addressOf.model('what? #1%'))).toEqual({ page: 'model', model: 'what? #1%' });
});
