import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Endpoints } from './host/endpoints.ts';

const commandPath = path.resolve(import.meta.dirname, '../cli/main.ts');

/** How the journey is followed once the runtime is ready. */
export interface JourneyOptions {
  /** Whether to start the example project: on a fresh data folder, unless --no-example is given. */
  readonly startExample: boolean;
  /** Whether to show the example's journeys at all: not with --no-example. */
  readonly showExample: boolean;
  /** Aborted when the runtime shall stop. */
  readonly signal: AbortSignal;
}

/**
 * Shows the example project's journeys in the terminal until the runtime is told to stop. The runtime knows nothing of projects:
 * the `millrace` command does that, over HTTP like any user.
 */
export async function followJourney(
  endpoints: Endpoints,
  { startExample, showExample, signal }: JourneyOptions,
): Promise<void> {
  if (signal.aborted) return;
  if (!showExample) {
    await once(signal, 'abort');
    return;
  }
  const args = [
    commandPath,
    'example',
    '--follow',
    ...(startExample ? [] : ['--resume']),
    '--url',
    endpoints.platformUrl,
  ];
  // A process group of its own: Ctrl-C reaches the runtime first, which then ends the command.
  const command = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  signal.addEventListener('abort', () => command.kill());
  await Promise.all([once(command, 'exit'), once(signal, 'abort')]);
}
