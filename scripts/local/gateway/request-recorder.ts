import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import type { AwsRequest } from '../emulated-service.ts';
import { recordedBody, recordedHeaders, recordedQuery } from './recorded-parts.ts';

/** Writes down which AWS calls were made, so that they can be compared with the service models afterwards. */
export interface RequestRecorder {
  record(request: AwsRequest): Promise<void>;
  close(): Promise<void>;
}

/** One line of `requests.jsonl`: what a service model says something about, and who asked. */
export interface RecordedRequest {
  /** Signing name. */
  readonly service: string;
  /** ARN of the role, `operator`, or `service`. */
  readonly role: string;
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  /** Parameters in the body, parsed as far as JSON and forms are; XML as text. Absent where the body is content. */
  readonly body?: unknown;
}

/** Appends one JSON line a request to `<folder>/requests.jsonl`. Neither signatures nor content of objects and invocations are written. */
export function createRequestRecorder(folder: string): RequestRecorder {
  mkdirSync(folder, { recursive: true });
  const lines: WriteStream = createWriteStream(path.join(folder, 'requests.jsonl'), { flags: 'a' });
  return {
    async record(request) {
      const { principal } = request;
      const recorded: RecordedRequest = {
        service: request.signingName,
        role: principal.kind === 'role' ? principal.roleArn : principal.kind,
        method: request.method,
        path: request.rawPath,
        query: recordedQuery(request),
        headers: recordedHeaders(request),
        body: await recordedBody(request),
      };
      lines.write(`${JSON.stringify(recorded)}\n`);
    },
    close: () => new Promise((resolve) => lines.end(resolve)),
  };
}
