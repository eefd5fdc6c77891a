import { AppError } from '#shared/kernel/errors.ts';

/** DuckDB's words, and those of the file system. */
const outOfRoom = /out of memory|no space left|could not allocate|failed to offload/i;

/** OutOfRoom (unavailable) for what memory or disk did not do for; any other error as it is. */
export const namedOutOfRoom = (error: unknown): unknown =>
  error instanceof Error && outOfRoom.test(error.message)
    ? new AppError('unavailable', 'OutOfRoom', error.message.slice(0, 500), {}, { cause: error })
    : error;
