import { maxBodyDepth } from '#shared/contracts/endpoint.ts';
import { AppError } from '#shared/kernel/errors.ts';

/** Throws BodyTooLarge for a body of more than `maxBytes`. */
export function assertBodySize(body: string | undefined, maxBytes: number): void {
  const sizeBytes = Buffer.byteLength(body ?? '');
  if (sizeBytes <= maxBytes) return;
  throw new AppError(
    'invalid_input',
    'BodyTooLarge',
    `The request body has ${sizeBytes} bytes; ${maxBytes} are allowed here. Send less at once.`,
  );
}

/** The value that a body holds; undefined where there is none. Throws BodyTooDeep, before anything is made of it, or InvalidJson. */
export function parseJsonBody(body: string | undefined): unknown {
  if (body === undefined || body === '') return undefined;
  if (isDeeperThan(maxBodyDepth, body)) {
    throw new AppError(
      'invalid_input',
      'BodyTooDeep',
      `The request body nests lists and objects more than ${maxBodyDepth} deep. No operation takes that: the API reference shows what this one takes.`,
    );
  }
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      'InvalidJson',
      `The request body is not JSON: ${(cause as Error).message}.`,
      {},
      { cause },
    );
  }
}

/** Whether lists and objects are open inside each other in more than `depth` levels; what stands in texts does not count. */
function isDeeperThan(depth: number, json: string): boolean {
  let open = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (isText && character === '\\') at++;
    else if (character === '"') isText = !isText;
    else if (isText) continue;
    else if (character === '[' || character === '{') {
      if (++open > depth) return true;
    } else if (character === ']' || character === '}') open--;
  }
  return false;
}
