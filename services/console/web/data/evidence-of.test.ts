import { expect, it } from 'vitest';
import { evidenceOf } from './evidence-of.ts';

const paths = (path: string) =>
  evidenceOf(
    [
      { path: 'columns.age' },
      { path: 'columns.age.min' },
      { path: 'columns.age_group' },
      { path: 'rules.1' },
      { path: 'rules.10' },
    ],
    path,
  ).map((one) => one.path);

it('finds the evidence of a column and of its members, not of columns whose names begin alike', () => {
  expect(paths('columns.age')).toEqual(['columns.age', 'columns.age.min']);
  expect(paths('rules.1')).toEqual(['rules.1']);
});
