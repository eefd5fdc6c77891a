import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import pc from 'picocolors';
import { parse as parseYaml } from 'yaml';
import { listDatasetVersions } from '#services/datasets/contract.ts';
import type { DataContract } from '#services/projects/contract.ts';
import {
  decideContractSuggestion,
  listContractSuggestions,
  listQuarantine,
  previewContract,
  readContractSuggestion,
  readValidation,
  releaseQuarantine,
} from '#services/validation/contract.ts';
import type { ApiClient } from '../client.ts';
import type { ConnectionOptions } from '../connection.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { table } from '../output.ts';
import { readLocalFile } from '../rows.ts';
import { contextOf } from './context.ts';
import { contractFile } from './contract-file.ts';
import { suggestionText, validationText } from './validation-view.ts';

type Shared = (command: Command) => Command;
type Options = ConnectionOptions & { readonly json?: boolean };
type DecisionOptions = Options & { readonly file?: string; readonly comment: string };

/** `millrace validation show`. */
export function validation(shared: Shared): Command {
  const group = new Command('validation').description('verdicts on dataset versions');
  shared(group.command('show <project>').description('the report of a dataset version'))
    .option('--dataset-version <n>', 'dataset version', wholeNumber)
    .action((project: string, options: Options & { datasetVersion?: number }) =>
      showValidation(project, options),
    );
  return group;
}

/** `millrace quarantine list | release`. */
export function quarantine(shared: Shared): Command {
  const group = new Command('quarantine').description('rows that a contract kept out of a dataset version');
  shared(group.command('list <project>').description('rows in quarantine with the reasons of each'))
    .option('--dataset-version <n>', 'dataset version', wholeNumber)
    .option('--check <check>', 'only rows that fail this check: range, or range:age')
    .option('--limit <n>', 'how many rows', wholeNumber, 20)
    .action((project: string, options: ListOptions) => listRows(project, options));
  shared(
    group.command('release <project>').description('let rows out of quarantine into the validated version'),
  )
    .requiredOption('--dataset-version <n>', 'dataset version', wholeNumber)
    .requiredOption('--reason <text>', 'why')
    .option('--check <check...>', 'only rows that fail nothing but these checks; all rows without it')
    .action((project: string, options: ReleaseOptions) => release(project, options));
  return group;
}

/** Adds `suggestions | suggestion | approve | refuse | preview` to the group `millrace contract`. */
export function addSuggestionCommands(group: Command, shared: Shared): Command {
  shared(group.command('suggestions <project>').description('contracts that data suggested')).action(
    listSuggestions,
  );
  shared(
    group
      .command('suggestion <project> [id]')
      .description('a suggested contract and why each line says what it says'),
  )
    .option('--output <file>', 'write the contract to a file, to be edited')
    .action((project: string, id: string | undefined, options: Options & { output?: string }) =>
      showSuggestion(project, id, options),
    );
  shared(
    group.command('approve <project> [id]').description('approve a suggested contract, as it is or edited'),
  )
    .option('--file <file>', 'the contract as it was edited')
    .option('--comment <text>', 'why', 'Approved on the command line.')
    .action((project: string, id: string | undefined, options: DecisionOptions) =>
      decide(project, id, 'approve', options),
    );
  shared(group.command('refuse <project> [id]').description('refuse a suggested contract'))
    .requiredOption('--comment <text>', 'why')
    .action((project: string, id: string | undefined, options: DecisionOptions) =>
      decide(project, id, 'refuse', options),
    );
  shared(
    group
      .command('preview <project> <file>')
      .description('what a contract’s file would change, and which features and models depend on that'),
  ).action((project: string, file: string, options: Options) => preview(project, file, options));
  return group;
}

async function showValidation(
  project: string,
  options: Options & { datasetVersion?: number },
): Promise<void> {
  const { client, output } = contextOf(options);
  const datasetVersion = options.datasetVersion ?? (await newestVersion(client, project));
  const report = await client.call(readValidation, { params: { project, datasetVersion } });
  output.result(report, () => validationText(report));
  if (report.verdict === 'Fail') process.exitCode = exitCodes.failed;
}

type ListOptions = Options & {
  readonly datasetVersion?: number;
  readonly check?: string;
  readonly limit: number;
};

async function listRows(project: string, options: ListOptions): Promise<void> {
  const { client, output } = contextOf(options);
  const datasetVersion = options.datasetVersion ?? (await newestVersion(client, project));
  const { check, limit } = options;
  const page = await client.call(listQuarantine, {
    params: { project, datasetVersion },
    query: { limit: Math.min(limit, 200), ...(check === undefined ? {} : { check }) },
  });
  output.result(page, () => {
    const head = `${page.quarantinedRows} rows of version ${datasetVersion} in quarantine, ${page.repairedRows} of them repaired.`;
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
  readonly datasetVersion: number;
  readonly reason: string;
  readonly check?: string[];
};

async function release(project: string, options: ReleaseOptions): Promise<void> {
  const { client, output } = contextOf(options);
  const { datasetVersion, reason, check = [] } = options;
  const answer = await client.call(releaseQuarantine, {
    params: { project, datasetVersion },
    body: { checks: check, reason },
  });
  output.result(
    answer,
    () =>
      `Release ${answer.releaseId} begins: version ${datasetVersion} is validated anew. \`npx millrace validation show ${project} --dataset-version ${datasetVersion}\` shows the outcome.`,
  );
}

async function listSuggestions(project: string, options: Options): Promise<void> {
  const { client, output } = contextOf(options);
  const { items } = await client.call(listContractSuggestions, { params: { project } });
  output.result(items, () =>
    items.length === 0
      ? `Data of ${project} suggested no contract. The first upload of a project without one does.`
      : table(
          ['suggestion', 'version', 'status', 'columns', 'rows', 'suggested', 'decided by', 'comment'],
          items.map((item) => [
            item.suggestionId,
            item.datasetVersion,
            item.status,
            item.columns,
            item.rows,
            item.suggestedAt,
            item.decidedBy ?? '',
            item.comment ?? '',
          ]),
        ),
  );
}

async function showSuggestion(
  project: string,
  id: string | undefined,
  options: Options & { output?: string },
): Promise<void> {
  const { client, output } = contextOf(options);
  const suggestionId = id ?? (await waitingSuggestion(client, project));
  const found = await client.call(readContractSuggestion, { params: { project, suggestionId } });
  if (options.output !== undefined) writeFileSync(options.output, contractFile(found.suggestion.contract));
  output.result(found, () => suggestionText(found, options.output));
}

async function decide(
  project: string,
  id: string | undefined,
  decision: 'approve' | 'refuse',
  { file, comment, ...options }: DecisionOptions,
): Promise<void> {
  const { client, output } = contextOf(options);
  const suggestionId = id ?? (await waitingSuggestion(client, project));
  const contract = file === undefined ? undefined : (contractIn(file) as DataContract);
  const answer = await client.call(decideContractSuggestion, {
    params: { project, suggestionId },
    body: { decision, comment, ...(contract ? { contract } : {}) },
  });
  output.result(answer, () =>
    answer.status === 'approved'
      ? `Approved. \`npx millrace status ${project} --watch\` shows how the data is checked.`
      : `Refused. The data waits for a contract: \`npx millrace contract apply ${project} contract.yaml\`.`,
  );
}

async function preview(project: string, file: string, options: Options): Promise<void> {
  const { client, output } = contextOf(options);
  const body = contractIn(file) as DataContract;
  const answer = await client.call(previewContract, { params: { project }, body });
  output.result(answer, () => {
    const head = `Against revision ${answer.againstRevision}: ${answer.changes.length} changes${answer.breaking ? pc.red(', some of them breaking') : ', none of them breaking'}.`;
    if (answer.changes.length === 0) return `The contract is that of revision ${answer.againstRevision}.`;
    const rows = answer.changes.map((change) => [
      change.path,
      change.change,
      shortened(change.before ?? ''),
      shortened(change.after ?? ''),
      change.breaking ? 'yes' : '',
      change.consumers
        .map(({ kind, id, serving }) => `${kind === 'feature' ? id : `v${id}`}${serving ? ' (serving)' : ''}`)
        .join(', '),
    ]);
    return [head, '', table(['line', 'change', 'before', 'after', 'breaks', 'who reads it'], rows)].join(
      '\n',
    );
  });
  if (answer.breaking) process.exitCode = exitCodes.failed;
}

/** The platform says what is wrong with a contract; here it only must be YAML. */
function contractIn(file: string): unknown {
  try {
    return parseYaml(readLocalFile(file).toString('utf8'));
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    throw new CliFailure(exitCodes.usage, `'${file}' is not YAML: ${(error as Error).message}`);
  }
}

async function newestVersion(client: ApiClient, project: string): Promise<number> {
  const { items } = await client.call(listDatasetVersions, { params: { project } });
  if (items[0]) return items[0].datasetVersion;
  throw new CliFailure(
    exitCodes.failed,
    `There is no data of ${project} yet: npx millrace upload ${project} <file>`,
  );
}

async function waitingSuggestion(client: ApiClient, project: string): Promise<string> {
  const { items } = await client.call(listContractSuggestions, { params: { project } });
  const waiting = items.find(({ status }) => status === 'waiting');
  if (waiting) return waiting.suggestionId;
  throw new CliFailure(
    exitCodes.failed,
    `No suggestion of ${project} waits for a decision. \`npx millrace contract suggestions ${project}\` lists all.`,
  );
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new CliFailure(exitCodes.usage, `'${text}' is not a whole number above 0.`);
  return value;
}
