import { rootDir } from '../../bench/repository-copy.ts';
import { runWell } from '../parts/program.ts';
import type { EmulatedAccount } from './emulated-account.ts';

/** Journeys by public interfaces that need no laptop. */
const files = ['test/e2e/loop.test.ts', 'test/e2e/rejection.test.ts'];

/** Runs the end-to-end tests against a deployed stage, whose addresses and token its terminal has exported; returns what passed. */
export async function runJourneys({ shell, env }: EmulatedAccount): Promise<string> {
  const [platform = '', prediction = '', token = ''] = await shell.json<string[]>(
    `node -p 'JSON.stringify([process.env.MILLRACE_URL, process.env.MILLRACE_PREDICTION_URL, process.env.MILLRACE_TOKEN])'`,
  );
  const address = { MILLRACE_URL: platform, MILLRACE_PREDICTION_URL: prediction, MILLRACE_TOKEN: token };
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', ...files];
  const output = await runWell(process.execPath, vitest, { cwd: rootDir, env: { ...env, ...address } });
  return /(\d+ passed)/.exec(/^ *Tests .*$/m.exec(output)?.[0] ?? '')?.[1] ?? output;
}
