import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import type { AwsRequest } from '../emulated-service.ts';

/** Writes down which AWS calls were made, so that they can be compared with the service models afterwards. */
export interface RequestRecorder {
  record(request: AwsRequest): Promise<void>;
  close(): Promise<void>;
}

/** The operation's name: from the JSON target, the query action, or, for REST services, method and path. */
export async function operationOf(request: AwsRequest): Promise<string> {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return target.slice(target.lastIndexOf('.') + 1);
  const action = request.query.get('Action');
  if (action !== null) return action;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams((await request.bytes()).toString());
    return form.get('Action') ?? `${request.method} ${request.rawPath}`;
  }
  return `${request.method} ${request.rawPath}`;
}

/** Appends one JSON line a request to `<folder>/requests.jsonl`: service, operation, role, and the parameters of JSON protocols. */
export function createRequestRecorder(folder: string): RequestRecorder {
  mkdirSync(folder, { recursive: true });
  const lines: WriteStream = createWriteStream(path.join(folder, 'requests.jsonl'), { flags: 'a' });
  return {
    async record(request) {
      const { principal } = request;
      lines.write(
        `${JSON.stringify({
          service: request.signingName,
          operation: await operationOf(request),
          role: principal.kind === 'role' ? principal.roleArn : principal.kind,
          params: await jsonParams(request),
        })}\n`,
      );
    },
    close: () => new Promise((resolve) => lines.end(resolve)),
  };
}

async function jsonParams(request: AwsRequest): Promise<unknown> {
  if (request.signingName === 's3' || !request.headers['content-type']?.includes('json')) return undefined;
  try {
    return JSON.parse((await request.bytes()).toString() || '{}');
  } catch {
    return undefined;
  }
}
