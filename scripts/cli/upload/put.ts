import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliFailure, exitCodes } from '../failure.ts';

const attempts = 5;
const firstPauseMs = 500;
/** A part of 8 MiB on a line of 0.25 Mbit/s. */
const timeoutMs = 300_000;

/**
 * Puts bytes to a presigned address, again after a broken connection, throttling or an error of S3. Throws CliFailure where S3 refuses
 * them, and where what arrived is not what was sent (its ETag is the MD5 of them).
 */
export async function put(
  target: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly what: string },
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answer = await tryPut(target, bytes);
    if (answer instanceof Response && answer.ok) {
      assertSame(target.what, bytes, answer.headers.get('etag'));
      return;
    }
    const isPassing = !(answer instanceof Response) || answer.status >= 500 || answer.status === 429;
    if (!isPassing || attempt === attempts) throw await failure(target, answer);
    await sleep(firstPauseMs * 2 ** (attempt - 1));
  }
}

async function tryPut(
  { url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  body: Uint8Array<ArrayBuffer>,
): Promise<Response | Error> {
  try {
    return await fetch(url, { method: 'PUT', headers, body, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    return error as Error;
  }
}

/** S3's ETag of what was put in one piece is its MD5, where it encrypts with its own keys. */
function assertSame(what: string, bytes: Uint8Array, etag: string | null): void {
  const digest = etag?.replaceAll('"', '');
  if (!digest || !/^[0-9a-f]{32}$/.test(digest) || digest === md5(bytes)) return;
  throw new CliFailure(exitCodes.failed, `${what} did not arrive as it was sent. Upload it again.`);
}

export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

async function failure(
  { url, what }: { url: string; what: string },
  answer: Response | Error,
): Promise<CliFailure> {
  if (answer instanceof Response) {
    const text = (await answer.text()).slice(0, 300);
    return new CliFailure(exitCodes.refused, `S3 refused ${what} (${answer.status}): ${text}`);
  }
  return new CliFailure(
    exitCodes.unreachable,
    `${what} could not be sent to ${new URL(url).origin}: ${answer.message}. Run the command again: it goes on where it stopped.`,
  );
}
