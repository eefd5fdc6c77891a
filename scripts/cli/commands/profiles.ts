import { Command } from 'commander';
import { listDatasetVersions } from '#services/datasets/contract.ts';
import { readProfile } from '#services/validation/contract.ts';
import type { ConnectionOptions } from '../connection.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { profileText } from '../profile-view.ts';
import { type CommandContext, contextOf } from './context.ts';
import { versionNumber } from './data/versions.ts';

type Options = ConnectionOptions & { json?: boolean; version?: string; against?: string };

const defaultWidth = 100;

/** `millrace data profile`. */
export function profile(shared: (command: Command) => Command): Command {
  return shared(new Command('profile').argument('<project>'))
    .description('what a dataset version holds, column by column')
    .option('--version <n>', 'which version; the newest where not given')
    .option('--against <n>', 'mark what moved since this version')
    .action(async (project: string, options: Options) => {
      const context = contextOf(options);
      const against = options.against === undefined ? {} : { against: versionNumber(options.against) };
      const datasetVersion =
        options.version === undefined
          ? await newestVersion(context, project)
          : versionNumber(options.version);
      const found = await context.client.call(readProfile, {
        params: { project, datasetVersion },
        query: against,
      });
      context.output.result(found, () => profileText(found, process.stdout.columns ?? defaultWidth));
    });
}

async function newestVersion({ client }: CommandContext, project: string): Promise<number> {
  const { items } = await client.call(listDatasetVersions, { params: { project }, query: {} });
  const newest = Math.max(...items.map(({ datasetVersion }) => datasetVersion));
  if (items.length === 0)
    throw new CliFailure(
      exitCodes.failed,
      `${project} has no data yet. Upload some: npx millrace upload ${project} <file>`,
    );
  return newest;
}
