import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepRun, keepRunsVariable, keptRuns, recordDirOf } from './kept-runs.ts';

let dir: string;
let dataDir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'millrace-kept-runs-'));
  dataDir = path.join(dir, 'data');
  for (const folder of ['iam', 'record']) mkdirSync(path.join(dataDir, folder), { recursive: true });
  for (const file of ['iam/roles.json', 'iam/decisions.jsonl', 'record/requests.jsonl'])
    writeFileSync(path.join(dataDir, file), '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});
const kept = () => path.join(dir, 'kept');

describe('a run', () => {
  it('is kept by its name, each time anew, with its requests and decisions', () => {
    vi.stubEnv(keepRunsVariable, kept());
    expect(recordDirOf(dataDir)).toBe(path.join(dataDir, 'record'));
    for (let i = 0; i < 2; i++) keepRun(dataDir, { name: 'test/e2e/loop.test.ts', templates: 'local' });
    const runs = keptRuns(kept());
    expect(runs.map(({ name }) => name)).toEqual(['test/e2e/loop.test.ts', 'test/e2e/loop.test.ts']);
    expect(readdirSync(runs[0]!.dir).sort()).toEqual(['iam', 'requests.jsonl', 'run.json']);
  });

  it('says whether its templates were ours', () => {
    vi.stubEnv(keepRunsVariable, kept());
    keepRun(dataDir, { name: 'changed', templates: 'other' });
    expect(keptRuns(kept())).toEqual([{ name: 'changed', templates: 'other', dir: expect.any(String) }]);
  });

  it('is neither recorded nor kept where nobody asks for it', () => {
    vi.stubEnv(keepRunsVariable, '');
    expect(recordDirOf(dataDir)).toBeUndefined();
    keepRun(dataDir, { name: 'demo', templates: 'local' });
    expect([existsSync(kept()), keptRuns(kept())]).toEqual([false, []]);
  });
});
