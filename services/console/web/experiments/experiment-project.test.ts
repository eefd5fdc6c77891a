import { expect, it } from 'vitest';
import { experimentOf } from '../api/mlflow-entities.ts';
import { projectOf } from './experiment-project.ts';

const projects = new Set(['wine', 'tumour']);
const experiment = (name: string, tag?: string) =>
  experimentOf({ name, tags: tag === undefined ? [] : [{ key: 'millrace.project', value: tag }] });

it.each([
  ['wine', undefined, 'wine'],
  ['wine/tuning', undefined, 'wine'],
  ['wine/tuning', 'tumour', 'tumour'],
  ['winery', undefined, undefined],
  ['Default', undefined, undefined],
])('the experiment %s with the tag %s is of the project %s', (name, tag, project) => {
  expect(projectOf(experiment(name, tag), projects)).toBe(project);
});
