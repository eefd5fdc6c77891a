import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { runProcessing } from './run-processing.ts';

let root: string;
const write = (path: string, content: string): void => {
  const file = join(root, 'processing', 'input', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};
const rows = 'a,b\n1,2\n';
const described = { path: 'rows/part-0.csv', bytes: rows.length, sha256: sha256Hex(rows) };
const ask = (...inputs: object[]): void =>
  write('request/request.json', JSON.stringify({ schemaVersion: 1, inputs }));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-opt-ml-'));
  write('rows/part-0.csv', rows);
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the processing program', () => {
  it('says what it found, and with which engine', async () => {
    ask(described);
    await runProcessing(root);
    const outcome = readFileSync(join(root, 'processing', 'output', 'outcome.json'), 'utf8');
    expect(JSON.parse(outcome)).toEqual({
      schemaVersion: 1,
      engine: expect.stringMatching(/^DuckDB v\d/),
      inputs: [described],
    });
  });

  it.each([
    [
      'is shorter',
      { ...described, bytes: 7 },
      `has 8 bytes with the SHA-256 ${described.sha256}, and the request says 7 bytes`,
    ],
    ['has another hash', { ...described, sha256: 'a'.repeat(64) }, `with ${'a'.repeat(64)}`],
    [
      'is missing',
      { ...described, path: 'rows/part-1.csv' },
      'rows/part-1.csv has no content: it is missing',
    ],
  ])('refuses a file that %s', async (_what, input, message) => {
    ask(described, input);
    await expect(runProcessing(root)).rejects.toMatchObject({
      code: 'DataChanged',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['leaves the input folder', { ...described, path: '../x' }],
    ['names no file', {}],
  ])('refuses a request that %s', async (_what, input) => {
    ask(input);
    await expect(runProcessing(root)).rejects.toMatchObject({ code: 'InvalidRequest' });
  });

  it('refuses to run without a request, and with one that is not JSON', async () => {
    await expect(runProcessing(root)).rejects.toMatchObject({ code: 'RequestMissing' });
    write('request/request.json', '{');
    await expect(runProcessing(root)).rejects.toMatchObject({ code: 'InvalidRequest' });
  });
});
