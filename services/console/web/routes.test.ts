import { expect, it } from 'vitest';
import { addressOf, routeOf } from './routes.ts';

it.each([
  ['', { page: 'projects' }],
  ['#/projects', { page: 'projects' }],
  ['#/approvals', { page: 'approvals' }],
  ['#/projects/tumour', { page: 'project', project: 'tumour', tab: 'overview' }],
  ['#/projects/tumour/predict', { page: 'project', project: 'tumour', tab: 'predict' }],
  ['#/projects/tumour/nonsense', { page: 'unknown' }],
  ['#/elsewhere', { page: 'unknown' }],
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
});
