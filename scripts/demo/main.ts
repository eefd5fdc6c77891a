import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { createClient } from '../cli/client.ts';
import { createJourneyPrinter } from '../cli/journey-view.ts';
import { duration, table } from '../cli/output.ts';
import { findings, type LoopContext, loop } from './loop.ts';
import { startPlatform } from './platform.ts';

const usage = `npm run demo -- [options]

Walks the whole loop unattended on a fresh laptop platform: upload, training, approval, canary, predictions, drift,
retraining, rollout. Exit code 0 when every step came out, 1 naming the step that did not.

  --data DIR   keep the platform's data in DIR (default: a temporary folder, removed at the end)
  --json       print one JSON document at the end instead of progress
  --help       this text
`;

interface StepResult {
  readonly step: string;
  readonly ms: number;
  readonly result: string;
  readonly ok: boolean;
}

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`);

async function timed(step: string, run: () => Promise<string>): Promise<StepResult> {
  say(pc.bold(`\n▸ ${step}`));
  const startedMs = performance.now();
  const end = (result: string, ok: boolean): StepResult => ({
    step,
    ms: performance.now() - startedMs,
    result,
    ok,
  });
  try {
    return end(await run(), true);
  } catch (error) {
    return end(error instanceof Error ? error.message : String(error), false);
  }
}

/** Runs the steps in order and stops at the first that fails. */
async function runLoop(context: LoopContext, results: StepResult[]): Promise<void> {
  for (const step of loop) {
    const result = await timed(step.title, () => step.run(context));
    results.push(result);
    say(`  ${result.ok ? pc.green('✓') : pc.red('✗')} ${result.result} ${pc.dim(duration(result.ms))}`);
    if (!result.ok) return;
  }
}

async function demo(dataDir: string): Promise<number> {
  const results: StepResult[] = [];
  let platform: Awaited<ReturnType<typeof startPlatform>> | undefined;
  results.push(
    await timed('Platform starts', async () => {
      platform = await startPlatform(dataDir);
      return platform.url;
    }),
  );
  if (!platform) return report(results);
  const stopOnSignal = () => void platform?.stop().then(() => process.exit(130));
  process.once('SIGINT', stopOnSignal).once('SIGTERM', stopOnSignal);
  try {
    const client = createClient({ platformUrl: platform.url, predictionUrl: platform.url });
    const printer = createJourneyPrinter(process.stdout);
    await runLoop(
      {
        client,
        show: values.json ? () => {} : (journey) => printer.show(journey),
        state: { predictions: [], approvalId: '' },
      },
      results,
    );
    const found = results.every((result) => result.ok) ? await findings(client) : undefined;
    return report(results, found);
  } finally {
    await platform.stop();
  }
}

function report(results: readonly StepResult[], found?: Awaited<ReturnType<typeof findings>>): number {
  const failed = results.find((result) => !result.ok);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ok: !failed, steps: results, ...found }, null, 2)}\n`);
  } else {
    say(
      `\n${table(
        ['step', 'time', '', 'result'],
        results.map((result) => [
          result.step,
          duration(result.ms),
          result.ok ? 'ok' : 'FAILED',
          result.result.slice(0, 110),
        ]),
      )}`,
    );
    if (found) {
      say(
        `\n${table(['model version', 'alias', 'trained on data', 'auc', 'accuracy', 'recall'], found.versions)}`,
      );
      say(
        `\n${table(['version', 'predictions', 'verdict', 'drifted', 'worst PSI', 'measured'], found.drift)}\n`,
      );
    }
  }
  if (failed)
    process.stderr.write(`${pc.red('The demo failed')} at the step '${failed.step}': ${failed.result}\n`);
  return failed ? 1 : 0;
}

if (values.help) {
  process.stdout.write(usage);
} else {
  const dataDir = values.data ?? mkdtempSync(join(tmpdir(), 'millrace-demo-'));
  try {
    process.exitCode = await demo(dataDir);
  } finally {
    if (!values.data) rmSync(dataDir, { recursive: true, force: true });
  }
}
