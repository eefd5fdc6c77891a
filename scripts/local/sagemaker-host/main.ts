import { StartRefused } from '../host/data-folder.ts';
import { startSageMakerHost } from './host.ts';
import { parseHostOptions, usage } from './options.ts';

/** Serves SageMaker until it is told to stop. */
async function main(): Promise<void> {
  const options = parseHostOptions(process.argv.slice(2), process.cwd());
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const region = process.env['AWS_REGION'] ?? 'us-east-1';
  const host = await startSageMakerHost({ ...options, region });
  process.stdout.write(`SageMaker is ready at ${host.url} for the emulator at ${options.awsEndpoint}.\n`);
  await stopped;
  await host.stop();
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
// Idle keep-alive sockets must not hold the process back once all is stopped.
process.exit();
