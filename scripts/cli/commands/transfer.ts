import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { identityHeaders } from '../client.ts';
import type { ConnectionOptions } from '../connection.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { cometRuns } from '../loggers/comet.ts';
import { importRuns } from '../loggers/import-runs.ts';
import type { LoggedRun } from '../loggers/logged-run.ts';
import { tensorboardRuns } from '../loggers/tensorboard.ts';
import { wandbRuns } from '../loggers/wandb.ts';
import { copyServer } from '../transfer/copy-server.ts';
import { Journal } from '../transfer/journal.ts';
import { MlflowRefusal, MlflowServer } from '../transfer/mlflow-server.ts';
import { TransferReport } from '../transfer/report.ts';
import { type CommandContext, contextOf } from './context.ts';

type Shared = (command: Command) => Command;

interface CopyOptions extends ConnectionOptions {
  readonly json?: boolean;
  /** Names; all where absent. */
  readonly experiment?: readonly string[];
  readonly models: boolean;
  readonly journal?: string;
}

/** `millrace import mlflow`. */
export function imports(shared: Shared): Command {
  const group = new Command('import').description(
    'bring what other trackers hold to the platform (role scientist)',
  );
  copyOptions(shared(group.command('mlflow').description('copy an MLflow server: experiments, runs, models')))
    .requiredOption('--from <url>', 'address of the server to copy from')
    .option('--from-token <token>', 'its bearer token (MLFLOW_TRACKING_TOKEN)')
    .action(async (options: CopyOptions & { from: string; fromToken?: string }) => {
      const context = contextOf(options);
      await copy(serverAt(options.from, options.fromToken), ownServer(context), options, context.output);
    });
  for (const { name, argument, description, read } of loggers) {
    shared(group.command(`${name} <${argument}>`).description(description))
      .option('--experiment <name>', 'experiment to import into; default: what the runs name')
      .option('--journal <file>', journalHelp)
      .action(async (source: string, options: LoggerOptions) => {
        const context = contextOf(options);
        await importLogged(context, await readLogged(read, source), source, options);
      });
  }
  return group;
}

/** Trackers whose files on disk are read. */
const loggers = [
  {
    name: 'tensorboard',
    argument: 'folder',
    description: 'import event files of TensorBoard: scalars, images, texts, hyperparameters',
    read: tensorboardRuns,
  },
  {
    name: 'wandb',
    argument: 'folder',
    description: 'import runs that W&B wrote offline: config, history, summary, files',
    read: wandbRuns,
  },
  {
    name: 'comet',
    argument: 'archive.zip',
    description: 'import an archive that Comet wrote offline: parameters, metrics, others, assets',
    read: cometRuns,
  },
] as const;

interface LoggerOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly experiment?: string;
  readonly journal?: string;
}

async function readLogged(
  read: (source: string) => Promise<LoggedRun[]>,
  source: string,
): Promise<LoggedRun[]> {
  if (!existsSync(source)) throw new CliFailure(exitCodes.usage, `There is no '${source}'.`);
  const runs = await read(source);
  if (runs.length === 0) throw new CliFailure(exitCodes.usage, `'${source}' holds no runs of this tracker.`);
  return runs;
}

async function importLogged(
  context: CommandContext,
  runs: readonly LoggedRun[],
  source: string,
  { experiment, journal: file }: LoggerOptions,
): Promise<void> {
  const target = ownServer(context);
  const journal = new Journal(file ?? journalFile(path.resolve(source), target.url));
  const report = new TransferReport();
  const { output } = context;
  await refusals(() => importRuns({ target, journal, report, progress: output.progress }, runs, experiment));
  output.result(report.value(), () => report.text());
}

/** `millrace export mlflow`. */
export function exports(shared: Shared): Command {
  const group = new Command('export').description(
    'take what the platform holds to other trackers (role viewer)',
  );
  copyOptions(
    shared(group.command('mlflow').description('copy to an MLflow server: experiments, runs, models')),
  )
    .requiredOption('--to <url>', 'address of the server to copy to')
    .option('--to-token <token>', 'its bearer token (MLFLOW_TRACKING_TOKEN)')
    .action(async (options: CopyOptions & { to: string; toToken?: string }) => {
      const context = contextOf(options);
      await copy(ownServer(context), serverAt(options.to, options.toToken), options, context.output);
    });
  return group;
}

const journalHelp =
  'what remembers what was copied; default: one for source and target, in .millrace/transfers';

const copyOptions = (command: Command): Command =>
  command
    .option('--experiment <names...>', 'only these experiments')
    .option('--no-models', 'leave out registered models and prompts')
    .option('--journal <file>', journalHelp);

const ownServer = ({ client: { connection } }: CommandContext): MlflowServer =>
  new MlflowServer(connection.platformUrl, identityHeaders(connection));

async function copy(
  source: MlflowServer,
  target: MlflowServer,
  { experiment: experiments = [], models, journal: file }: CopyOptions,
  output: CommandContext['output'],
): Promise<void> {
  const journal = new Journal(file ?? journalFile(source.url, target.url));
  const report = new TransferReport();
  output.progress(`${source.url} → ${target.url} (${journal.file} remembers what was copied)`);
  await refusals(() =>
    copyServer({ source, target, journal, report, progress: output.progress }, { experiments, models }),
  );
  output.result(report.value(), () => report.text());
}

/** What a server refuses ends the command; what was copied is remembered. */
async function refusals(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof MlflowRefusal)) throw error;
    const cure = 'Mend that, then the same command again goes on where it stopped.';
    throw new CliFailure(exitCodes.refused, `${error.message}. ${cure}`);
  }
}

function serverAt(url: string, token = process.env['MLFLOW_TRACKING_TOKEN']): MlflowServer {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CliFailure(
      exitCodes.usage,
      `'${url}' is no address of an MLflow server, such as http://127.0.0.1:5000.`,
    );
  }
  return new MlflowServer(url, token ? { authorization: `Bearer ${token}` } : {});
}

/** One journal for each pair of servers. */
function journalFile(from: string, to: string): string {
  const digest = createHash('sha256').update(`${from} ${to}`).digest('hex').slice(0, 12);
  return path.join('.millrace', 'transfers', `${digest}.jsonl`);
}
