import type { Command } from 'commander';
import { listFeatures, readFeatureService, readFeatureView } from '#services/feature-store/contract.ts';
import { applyFeatures } from '#services/projects/contract.ts';
import type { ConnectionOptions } from '../../connection.ts';
import { readLocalFile } from '../../rows.ts';
import { wholeNumber } from '../../whole-number.ts';
import { contextOf } from '../context.ts';
import { catalogueText, servicesText, serviceText, viewText } from './definition-texts.ts';

type Options = ConnectionOptions & { json?: boolean };

/** `millrace features apply | list | show | services`. */
export function addDefinitionCommands(group: Command, shared: (command: Command) => Command): void {
  shared(
    group.command('apply <project> <file>').description('give a project the feature definitions of a file'),
  )
    .option('--dry-run', 'only check them; nothing is changed', false)
    .action((project: string, file: string, options: Options & { dryRun: boolean }) =>
      apply(project, file, options),
    );
  shared(
    group
      .command('list <project>')
      .description('the catalogue: entities, feature views and feature services'),
  ).action((project: string, options: Options) => list(project, options));
  shared(group.command('show <project> <view>').description('a feature view, its versions, and who uses it'))
    .option('--version <n>', 'this version instead of the newest', wholeNumber)
    .action((project: string, view: string, options: Options & { version?: number }) =>
      show(project, view, options),
    );
  shared(
    group
      .command('services <project> [service]')
      .description('the feature services, or what one answers and which models keep it'),
  )
    .option('--version <n>', 'this version instead of the newest', wholeNumber)
    .action((project: string, service: string | undefined, options: Options & { version?: number }) =>
      service === undefined ? services(project, options) : showService(project, service, options),
    );
}

async function apply(project: string, file: string, options: Options & { dryRun: boolean }): Promise<void> {
  const { client, output } = contextOf(options);
  const applied = await client.call(applyFeatures, {
    params: { project },
    query: options.dryRun ? { dryRun: 'true' } : {},
    body: readLocalFile(file).toString('utf8'),
  });
  if (options.dryRun) {
    output.result({ valid: true, changed: applied.changed }, () =>
      applied.changed
        ? `'${file}' is valid, and other than the features of revision ${applied.revision}.`
        : `'${file}' is valid, and the features of revision ${applied.revision}.`,
    );
    return;
  }
  output.result(applied, () =>
    applied.changed
      ? `Project ${project} is at revision ${applied.revision}, with the features of '${file}'.`
      : `Project ${project} has these features already, at revision ${applied.revision}.`,
  );
}

async function list(project: string, options: Options): Promise<void> {
  const { client, output } = contextOf(options);
  const catalogue = await client.call(listFeatures, { params: { project } });
  output.result(catalogue, () => catalogueText(project, catalogue));
}

async function show(project: string, view: string, options: Options & { version?: number }): Promise<void> {
  const { client, output } = contextOf(options);
  const { version } = options;
  const found = await client.call(readFeatureView, {
    params: { project, view },
    query: version === undefined ? {} : { version },
  });
  output.result(found, () => viewText(found));
}

async function services(project: string, options: Options): Promise<void> {
  const { client, output } = contextOf(options);
  const catalogue = await client.call(listFeatures, { params: { project } });
  output.result(catalogue.featureServices, () => servicesText(catalogue));
}

async function showService(
  project: string,
  service: string,
  options: Options & { version?: number },
): Promise<void> {
  const { client, output } = contextOf(options);
  const { version } = options;
  const found = await client.call(readFeatureService, {
    params: { project, service },
    query: version === undefined ? {} : { version },
  });
  output.result(found, () => serviceText(found));
}
