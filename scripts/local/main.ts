import path from 'node:path';
import { DeploymentFailed } from './cloudformation/index.ts';
import { faultsFromEnvironment } from './faults/index.ts';
import { type DataFolder, StartRefused, takeDataFolder } from './host/data-folder.ts';
import { assertPortFree } from './host/free-port.ts';
import { parseStartOptions, type StartOptions, usage } from './host/options.ts';
import { createReporter, type Reporter } from './host/reporter.ts';
import { synthesize } from './host/synthesize.ts';
import { followJourney } from './journey.ts';
import type { Runtime } from './runtime.ts';

const rootDir = path.resolve(import.meta.dirname, '../..');

/** `npm start`: synthesizes, runs the template, and stays until it is told to stop. */
async function main(): Promise<number> {
  let reporter = createReporter(process.argv.includes('--json'));
  try {
    const options = parseStartOptions(process.argv.slice(2), process.cwd());
    if (options.help) {
      process.stdout.write(usage);
      return 0;
    }
    reporter = createReporter(options.json);
    const stop = stopSignal(reporter);
    const code = await run(options, reporter, stop);
    return stop.reason instanceof Defect ? 1 : code;
  } catch (error) {
    reporter.problem(oneLine(error));
    return 1;
  }
}

async function run(options: StartOptions, reporter: Reporter, signal: AbortSignal): Promise<number> {
  const startedMs = performance.now();
  reporter.banner(shortPath(options.dataDir));
  const faults = faultsFromEnvironment(process.env['MILLRACE_FAULTS']);
  const data = takeDataFolder(options.dataDir, options.fresh);
  let runtime: Runtime;
  try {
    await assertPortFree(options.platformPort, '--port');
    await assertPortFree(options.awsPort, '--aws-port');
    runtime = await start(options, reporter, data, signal, faults);
  } catch (error) {
    data.release();
    if (signal.aborted) return 0;
    throw error;
  }
  try {
    reporter.ready(runtime.endpoints, performance.now() - startedMs);
    await followJourney(runtime.endpoints, {
      startExample: options.example && data.isFresh,
      showExample: options.example,
      signal,
    });
    return 0;
  } finally {
    await runtime.stop();
  }
}

async function start(
  options: StartOptions,
  reporter: Reporter,
  data: DataFolder,
  signal: AbortSignal,
  faults: ReturnType<typeof faultsFromEnvironment>,
): Promise<Runtime> {
  // Loading the parts takes about as long as a warm synthesis, which runs in another process meanwhile.
  const loading = import('./runtime.ts');
  const { assemblyDir } = await reporter.step(
    'Synthesizing the CDK app',
    () => synthesize(rootDir, options.dataDir, signal),
    ({ isNew }) => (isNew ? 'CDK app synthesized' : 'CDK app unchanged since the last start'),
  );
  signal.throwIfAborted();
  return reporter.step(
    'Starting the emulated services',
    async () =>
      (await loading).startRuntime({
        assemblyDir,
        dataDir: options.dataDir,
        data,
        awsPort: options.awsPort,
        platformPort: options.platformPort,
        faults,
        ...(process.env['MILLRACE_RECORD_DIR'] ? { recordDir: process.env['MILLRACE_RECORD_DIR'] } : {}),
      }),
    ({ deployment }) =>
      `${deployment.resources.length} resources of ${Object.keys(deployment.outputs).length} stacks running`,
  );
}

/** The first Ctrl-C, SIGTERM or closing of the terminal asks for a clean stop, the second forces one; so does an error that nobody caught. */
function stopSignal(reporter: Reporter): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      reporter.note('\nStopping …');
      controller.abort();
    });
  }
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(name, (error: unknown) => {
      reporter.problem(oneLine(error));
      controller.abort(new Defect());
    });
  }
  return controller.signal;
}

/** Relative to the working directory when it lies below, which is easier to read. */
function shortPath(dir: string): string {
  const relative = path.relative(process.cwd(), dir);
  return relative.startsWith('..') ? dir : relative || '.';
}

/** Why the runtime stopped by itself. */
class Defect extends Error {}

/** What the person can cure is told in one line; anything else is a defect and shows where it happened. */
function oneLine(error: unknown): string {
  if (error instanceof StartRefused || error instanceof DeploymentFailed) return error.message;
  if (error instanceof Error && !(error instanceof TypeError || error instanceof ReferenceError))
    return error.message;
  return error instanceof Error ? `a defect of the runtime: ${error.stack}` : String(error);
}

process.exitCode = await main();
// Idle keep-alive sockets and the like must not hold the process back once all is stopped.
process.exit();
