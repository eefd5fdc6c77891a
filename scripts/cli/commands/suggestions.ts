import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import pc from 'picocolors';
import { parse as parseYaml } from 'yaml';
import type { DataContract } from '#services/projects/contract.ts';
import {
  decideContractSuggestion,
  listContractSuggestions,
  previewContract,
  readContractSuggestion,
} from '#services/validation/contract.ts';
import type { ApiClient } from '../client.ts';
import type { ConnectionOptions } from '../connection.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { table } from '../output.ts';
import { readLocalFile } from '../rows.ts';
import { contextOf } from './context.ts';
import { contractFile } from './contract-file.ts';
import { shortened, suggestionText } from './validation-view.ts';

type Shared = (command: Command) => Command;
type Options = ConnectionOptions & { readonly json?: boolean };
type DecisionOptions = Options & { readonly file?: string; readonly comment: string };

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

async function waitingSuggestion(client: ApiClient, project: string): Promise<string> {
  const { items } = await client.call(listContractSuggestions, { params: { project } });
  const waiting = items.find(({ status }) => status === 'waiting');
  if (waiting) return waiting.suggestionId;
  throw new CliFailure(
    exitCodes.failed,
    `No suggestion of ${project} waits for a decision. \`npx millrace contract suggestions ${project}\` lists all.`,
  );
}
