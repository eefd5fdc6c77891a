import { expect, it } from 'vitest';
import { fileNameOf } from './file-name.ts';

it.each([
  ['incoming/rooms/01M8GK867G8ZFH4T05KRHT0CG4-first.csv', 'first.csv'],
  ['incoming/rooms/first.csv', 'first.csv'],
  ['incoming/rooms/november/dt=2026-11-01/part-0.parquet', 'november/dt=2026-11-01/part-0.parquet'],
])('calls %s what its uploader called it', (key, name) => {
  expect(fileNameOf(key)).toBe(name);
});
