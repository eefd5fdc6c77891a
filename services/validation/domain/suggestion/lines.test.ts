import { expect, it } from 'vitest';
import { figure } from './lines.ts';

it.each([
  [51.730900000000005, '51.73'],
  [0.1 + 0.2, '0.3'],
  [1234.5678, '1234.57'],
  [-0.0123456, '-0.01235'],
  [123456, '123456'],
  [0, '0'],
])('shows %d as %s', (value, text) => {
  expect(figure(value)).toBe(text);
});
