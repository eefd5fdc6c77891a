import { Command } from 'commander';
import { listDatasetVersions } from '#services/datasets/contract.ts';
import { listQuarantine, readValidation, releaseQuarantine } from '#services/validation/contract.ts';
import type { ApiClient } from '../client.ts';
import type { ConnectionOptions } from '../connection.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { table } from '../output.ts';
import { wholeNumber } from '../whole-number.ts';
import { contextOf } from './context.ts';
import { shortened, validationText } from './validation-view.ts';

type Shared = (command: Command) => Command;
type Options = ConnectionOptions & { readonly json?: boolean };

/** `millrace validation show`. */
export function validation(shared: Shared): Command {
  const group = new Command('validation').description('verdicts on dataset versions');
  shared(group.command('show <project>').description('the report of a dataset version'))
    .option('--version <n>', 'dataset version', wholeNumber)
    .action((project: string, options: Options & { version?: number }) => showValidation(project, options));
  return group;
}

/** `millrace quarantine list | release`. */
export function quarantine(shared: Shared): Command {
  const group = new Command('quarantine').description('rows that a contract kept out of a dataset version');
  shared(group.command('list <project>').description('rows in quarantine with the reasons of each'))
    .option('--version <n>', 'dataset version', wholeNumber)
    .option('--check <check>', 'only rows that fail this check: range, or range:age')
    .option('--limit <n>', 'how many rows', wholeNumber, 20)
    .action((project: string, options: ListOptions) => listRows(project, options));
  shared(
    group.command('release <project>').description('let rows out of quarantine into the validated version'),
  )
    .requiredOption('--version <n>', 'dataset version', wholeNumber)
    .requiredOption('--reason <text>', 'why')
    .option('--check <check...>', 'only rows that fail nothing but these checks; all rows without it')
    .action((project: string, options: ReleaseOptions) => release(project, options));
  return group;
}

async function showValidation(project: string, options: Options & { version?: number }): Promise<void> {
  const { client, output } = contextOf(options);
  const datasetVersion = options.version ?? (await newestVersion(client, project));
  const report = await client.call(readValidation, { params: { project, datasetVersion } });
  output.result(report, () => validationText(report));
  if (report.verdict === 'Fail') process.exitCode = exitCodes.failed;
}

type ListOptions = Options & {
  readonly version?: number;
  readonly check?: string;
  readonly limit: number;
};

async function listRows(project: string, options: ListOptions): Promise<void> {
  const { client, output } = contextOf(options);
  const datasetVersion = options.version ?? (await newestVersion(client, project));
  const { check, limit } = options;
  const page = await client.call(listQuarantine, {
    params: { project, datasetVersion },
    query: { limit: Math.min(limit, 200), ...(check === undefined ? {} : { check }) },
  });
  output.result(page, () => {
    const head = `${page.quarantinedRows} ${page.quarantinedRows === 1 ? 'row' : 'rows'} of version ${datasetVersion} in quarantine, ${page.repairedRows} of them repaired.`;
    if (page.items.length === 0) return head;
    const names = Object.keys(page.items[0]!.values);
    const rows = page.items.map(({ row, reasons, repairedIn, values }) => [
      row,
      reasons.join('; '),
      repairedIn === undefined ? '' : `in ${repairedIn}`,
      ...names.map((name) => shortened(values[name] ?? '')),
    ]);
    const more = page.nextPageToken ? ['', `More rows: --limit ${limit * 2}, or --check.`] : [];
    return [head, '', table(['row', 'reasons', 'repaired', ...names], rows), ...more].join('\n');
  });
}

type ReleaseOptions = Options & {
  readonly version: number;
  readonly reason: string;
  readonly check?: string[];
};

async function release(project: string, options: ReleaseOptions): Promise<void> {
  const { client, output } = contextOf(options);
  const { version: datasetVersion, reason, check = [] } = options;
  const answer = await client.call(releaseQuarantine, {
    params: { project, datasetVersion },
    body: { checks: check, reason },
  });
  output.result(
    answer,
    () =>
      `Release ${answer.releaseId} begins: version ${datasetVersion} is validated anew. \`npx millrace validation show ${project} --version ${datasetVersion}\` shows the outcome.`,
  );
}

async function newestVersion(client: ApiClient, project: string): Promise<number> {
  const { items } = await client.call(listDatasetVersions, { params: { project } });
  if (items[0]) return items[0].datasetVersion;
  throw new CliFailure(
    exitCodes.failed,
    `There is no data of ${project} yet: npx millrace upload ${project} <file>`,
  );
}
