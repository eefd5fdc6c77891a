import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type KeptRun, keepRunsVariable, keptRuns } from '../../../scripts/check/kept-runs.ts';
import { runWell } from './program.ts';

const rootDir = path.resolve(import.meta.dirname, '../../..');
const folder = path.resolve(rootDir, process.env[keepRunsVariable] || '.cache/runs');

/** The runs of the platform that were kept; one of the demo, made now in a folder of its own, where there are none. */
export async function anyRuns(): Promise<readonly KeptRun[]> {
  const kept = keptRuns(folder);
  if (kept.length > 0) return kept;
  const target = mkdtempSync(path.join(tmpdir(), 'millrace-runs-'));
  const env = { ...process.env, [keepRunsVariable]: target };
  await runWell(process.execPath, ['scripts/demo/main.ts'], { cwd: rootDir, env });
  return keptRuns(target);
}

/** The kept runs, where the demo and each file of the integration and end-to-end tests left one. Rejects, naming those that did not. */
export async function allRuns(): Promise<readonly KeptRun[]> {
  const kept = keptRuns(folder);
  const names = new Set(kept.map(({ name }) => name));
  const missing = ['demo', ...testFiles('test/integration'), ...testFiles('test/e2e')].filter(
    (name) => !names.has(name),
  );
  if (missing.length === 0) return kept;
  const commands = 'npm test, npm run demo and npm run e2e';
  throw new Error(
    `no run of ${missing.join(', ')} is in ${folder}: do ${commands} with ${keepRunsVariable}=${folder}`,
  );
}

const testFiles = (dir: string): string[] =>
  readdirSync(path.join(rootDir, dir))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${dir}/${name}`);
