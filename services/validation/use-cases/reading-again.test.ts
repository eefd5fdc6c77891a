import { expect, it } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import { readingAgain } from './reading-again.ts';

const gone = () => new AppError('unavailable', 'ObjectGone', 's3://data/report was deleted meanwhile.');

/** Fails with each of the errors in turn, then answers. */
function reading(...errors: Error[]) {
  return async () => {
    const error = errors.shift();
    if (error) throw error;
    return 'the report of now';
  };
}

it('finds the report that took the place of one that is gone', async () => {
  expect(await readingAgain(reading(gone()))).toBe('the report of now');
});

it('says that something is gone where it is gone twice', async () => {
  await expect(readingAgain(reading(gone(), gone()))).rejects.toMatchObject({ code: 'ObjectGone' });
});

it('reads once where something else is wrong', async () => {
  const other = new AppError('not_found', 'ValidationNotFound', 'There is none.');
  await expect(readingAgain(reading(other))).rejects.toBe(other);
});
