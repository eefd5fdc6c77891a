import { Command } from 'commander';
import { applyContract, readContract } from '#services/projects/contract.ts';
import type { ConnectionOptions } from '../connection.ts';
import { readLocalFile } from '../rows.ts';
import { contextOf } from './context.ts';
import { contractFile } from './contract-file.ts';

type Options = ConnectionOptions & { json?: boolean };

/** `millrace contract apply | show | validate`. */
export function contracts(shared: (command: Command) => Command): Command {
  const group = new Command('contract').description('what a project’s data must look like');
  shared(group.command('apply <project> <file>').description('give a project the contract of a file')).action(
    (project: string, file: string, options: Options) => apply(project, file, options),
  );
  shared(
    group
      .command('validate <project> <file>')
      .description('check a contract’s file against the project; nothing is changed'),
  ).action((project: string, file: string, options: Options) => validate(project, file, options));
  shared(
    group.command('show <project>').description('the contract of the newest revision, as a file'),
  ).action((project: string, options: Options) => show(project, options));
  return group;
}

async function apply(project: string, file: string, options: Options): Promise<void> {
  const { client, output } = contextOf(options);
  const applied = await client.call(applyContract, {
    params: { project },
    body: readLocalFile(file).toString('utf8'),
  });
  output.result(applied, () =>
    applied.changed
      ? `Project ${project} is at revision ${applied.revision}, with the contract of '${file}'.`
      : `Project ${project} has this contract already, at revision ${applied.revision}.`,
  );
}

async function validate(project: string, file: string, options: Options): Promise<void> {
  const { client, output } = contextOf(options);
  const checked = await client.call(applyContract, {
    params: { project },
    query: { dryRun: 'true' },
    body: readLocalFile(file).toString('utf8'),
  });
  output.result({ valid: true, changed: checked.changed }, () =>
    checked.changed
      ? `'${file}' is valid, and other than the contract of revision ${checked.revision}.`
      : `'${file}' is valid, and the contract of revision ${checked.revision}.`,
  );
}

async function show(project: string, options: Options): Promise<void> {
  const { client, output } = contextOf(options);
  const found = await client.call(readContract, { params: { project } });
  output.result(
    found,
    () => `# Contract of ${project}, revision ${found.revision}\n${contractFile(found.contract).trimEnd()}`,
  );
}
