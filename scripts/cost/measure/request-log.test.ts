import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RecordedRequest } from '../../local/gateway/request-recorder.ts';
import { RequestLog } from './request-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-requests-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const role = 'arn:aws:iam::000000000000:role/x';
const line = (parts: Partial<RecordedRequest>): string =>
  `${JSON.stringify({ service: 's3', role, method: 'POST', path: '/', query: [], headers: {}, ...parts })}\n`;

it('names calls by their target, with parameters, or by method and path, without the operator’s', () => {
  const target = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };
  const body = { TableName: 't' };
  const lines = [
    line({ service: 'dynamodb', headers: target, body }),
    line({ method: 'GET', path: '/bucket/key' }),
    line({ role: 'operator', service: 'dynamodb', headers: target, body }),
    '{"half":',
  ];
  writeFileSync(path.join(folder, 'requests.jsonl'), lines.join(''));
  const log = new RequestLog(folder);
  expect(log.next()).toEqual([
    { service: 'dynamodb', role, operation: 'GetItem', params: body },
    { service: 's3', role, operation: 'GET /bucket/key' },
  ]);
  expect(log.next()).toEqual([]);
});
