import { AppError } from '#shared/kernel/errors.ts';

/**
 * Reads once more where something that a record names was gone: an erasure published another outcome between the reading of the
 * record and of what it names, and the record of now names what is there. Throws ObjectGone where that is gone as well.
 */
export async function readingAgain<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ObjectGone') throw error;
    return read();
  }
}
