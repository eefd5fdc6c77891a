import type { Command } from 'commander';
import { type ApiClient, createClient } from '../client.ts';
import { type ConnectionOptions, connectionFrom } from '../connection.ts';
import { createOutput, type Output } from '../output.ts';

/** What every command works with. */
export interface CommandContext {
  readonly client: ApiClient;
  readonly output: Output;
}

/** Adds the options that all commands share. */
export function shared(command: Command): Command {
  return command
    .option('--url <url>', 'address of the platform (MILLRACE_URL); default: the laptop platform of --data')
    .option(
      '--prediction-url <url>',
      'address of the prediction API where it is another (MILLRACE_PREDICTION_URL)',
    )
    .option('--token <token>', 'API token (MILLRACE_TOKEN); a laptop needs none')
    .option('--data <dir>', 'data folder of the laptop platform', '.millrace')
    .option('--as <name>', 'act as this local identity (laptop only)')
    .option('--json', 'print one JSON document', false);
}

export function contextOf(options: ConnectionOptions & { json?: boolean }): CommandContext {
  return { client: createClient(connectionFrom(options)), output: createOutput(options.json ?? false) };
}
