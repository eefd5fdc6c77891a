import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { maxBinaryBodyBytes } from '#shared/mlflow/route.ts';

interface Request {
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
}
interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
  readonly body: { readonly encoding: string; readonly data: string };
}

const code = readFileSync(new URL('oversized-artifacts.js', import.meta.url), 'utf8');
// As in CloudFront nothing of Node is there.
const handler = runInNewContext(`${code}\nhandler`) as (event: { request: Request }) => Request | Answer;

const file = '/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model/model.pkl';
const request = (bytes: number | undefined, change: Partial<Request> = {}): Request => ({
  method: 'PUT',
  uri: file,
  headers: bytes === undefined ? {} : { 'content-length': { value: String(bytes) } },
  ...change,
});

/** Statuses for which MLflow's clients send a request again (mlflow/utils/request_utils.py). */
const repeated = [408, 429, 500, 502, 503, 504];

describe('the function before the platform API', () => {
  it('refuses a file that does not fit into a request at once, and says what helps', () => {
    for (const uri of [file, file.replace('/api/', '/ajax-api/')]) {
      const answer = handler({ request: request(maxBinaryBodyBytes + 1, { uri }) }) as Answer;
      expect(answer.statusCode).toBe(413);
      expect(repeated).not.toContain(answer.statusCode);
      expect(answer.headers['content-type']).toEqual({ value: 'application/json' });
      const { error_code, message } = JSON.parse(answer.body.data) as Record<string, string>;
      expect(error_code).toBe('INVALID_PARAMETER_VALUE');
      expect(message).toContain('4400001 bytes; 4400000 fit into one request');
      expect(message).toContain('MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true');
      expect(message).toContain('MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=1');
    }
  });

  it.each<[string, Request]>([
    ['a download', request(undefined, { method: 'GET' })],
    ['another operation', request(9_000_000, { uri: '/api/2.0/mlflow/runs/log-batch', method: 'POST' })],
    ['another path', request(9_000_000, { uri: '/v1/projects' })],
  ])('lets %s through as it is', (_what, sent) => {
    expect(handler({ request: sent })).toBe(sent);
  });

  it.each<[string, Request]>([
    ['a file that fits', request(maxBinaryBodyBytes)],
    ['a file of no bytes', request(0)],
    ['a body of unknown length', request(undefined)],
    ['a length that is no number', request(Number.NaN)],
  ])('lets %s through as bytes, whatever type it came as', (_what, sent) => {
    const headers = { ...sent.headers, 'content-type': { value: 'text/csv' } };
    const bytes = { value: 'application/octet-stream' };
    expect(handler({ request: { ...sent, headers } })).toEqual({
      ...sent,
      headers: { ...headers, 'content-type': bytes },
    });
  });

  it('keeps within what CloudFront takes', () => {
    expect(Buffer.byteLength(code)).toBeLessThan(10_240);
    expect(code).not.toMatch(/\b(import|export|require|async|await|process)\b\s*[({]/);
  });
});
