import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type KeptRun, keepRunsVariable, keptRuns } from '../../../scripts/check/kept-runs.ts';
import { runWell } from './program.ts';

const rootDir = path.resolve(import.meta.dirname, '../../..');
const folder = path.resolve(rootDir, process.env[keepRunsVariable] || '.cache/runs');

/** Runs to look at. */
export interface Runs {
  readonly runs: readonly KeptRun[];
  /** Drops those that were made to be looked at. */
  drop(): void;
}

/** The runs of the platform that were kept; one of the demo, made now, where there are none. */
export async function anyRuns(): Promise<Runs> {
  const kept = keptRuns(folder);
  if (kept.length > 0) return { runs: kept, drop: () => undefined };
  const target = mkdtempSync(path.join(tmpdir(), 'millrace-runs-'));
  const drop = () => rmSync(target, { recursive: true, force: true });
  try {
    const env = { ...process.env, [keepRunsVariable]: target };
    await runWell(process.execPath, ['scripts/demo/main.ts'], { cwd: rootDir, env });
    return { runs: keptRuns(target), drop };
  } catch (error) {
    drop();
    throw error;
  }
}

/** The kept runs, where the demo and each file of the integration and end-to-end tests left one. Rejects, naming some that did not. */
export async function allRuns(): Promise<readonly KeptRun[]> {
  const kept = keptRuns(folder);
  const names = new Set(kept.map(({ name }) => name));
  const missing = ['demo', ...testFiles('test/integration'), ...testFiles('test/e2e')].filter(
    (name) => !names.has(name),
  );
  if (missing.length === 0) return kept;
  const more = missing.length > 2 ? ` and ${missing.length - 2} more` : '';
  throw new Error(
    `no run of ${missing.slice(0, 2).join(', ')}${more} was kept: do npm test, npm run demo and npm run e2e with ${keepRunsVariable}=${folder}`,
  );
}

const testFiles = (dir: string): string[] =>
  readdirSync(path.join(rootDir, dir))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${dir}/${name}`);
