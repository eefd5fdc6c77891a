import { AppError } from './errors.ts';

/** One page of a list; `nextPageToken` is absent on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
}

/** Makes an opaque page token of a store's own cursor. */
export function encodePageToken(cursor: unknown): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Reads a token made by `encodePageToken`; throws InvalidPageToken for anything else. What it holds is the sender's word. */
export function decodePageToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (cause) {
    throw invalidPageToken(token, cause);
  }
}

/** What a caller is told whose token is not from the list that was asked for. */
export const invalidPageToken = (token: string, cause?: unknown): AppError =>
  new AppError(
    'invalid_input',
    'InvalidPageToken',
    `The page token '${token.slice(0, 40)}' was not made by this list. Send back nextPageToken as it came, or leave it out for the first page.`,
    {},
    { cause },
  );
