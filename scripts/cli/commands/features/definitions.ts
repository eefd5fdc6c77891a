import type { Command } from 'commander';
import type * as z from 'zod';
import {
  listFeatures,
  readFeatureService,
  readFeatureView,
  type ViewSource,
} from '#services/feature-store/contract.ts';
import { applyFeatures } from '#services/projects/contract.ts';
import { durationText } from '#shared/kernel/duration.ts';
import type { ConnectionOptions } from '../../connection.ts';
import { table } from '../../output.ts';
import { readLocalFile } from '../../rows.ts';
import { wholeNumber } from '../../whole-number.ts';
import { contextOf } from '../context.ts';

type Options = ConnectionOptions & { json?: boolean };
type Catalogue = z.output<typeof listFeatures.response>;
type View = z.output<typeof readFeatureView.response>;
type Service = z.output<typeof readFeatureService.response>;

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

function catalogueText(project: string, catalogue: Catalogue): string {
  const { projectRevision, entities, featureViews, onDemandFeatureViews } = catalogue;
  if (projectRevision === undefined)
    return `Project ${project} declares no features. Declare some: millrace features apply ${project} features.yaml.`;
  const parts = [
    table(
      ['entity', 'join keys', 'owner'],
      entities.map(({ entity, joinKeys, owner }) => [
        entity,
        joinKeys.map(({ name, type }) => `${name} ${type}`).join(', '),
        owner,
      ]),
    ),
    table(
      ['feature view', 'version', 'entities', 'source', 'features', 'online', 'newest', 'owner'],
      featureViews.map(({ view, version, entities: of, source, featureNames, settings, state }) => [
        view,
        version,
        of.join(', '),
        sourceText(source),
        featureNames.length,
        settings.online ? 'yes' : 'no',
        state.newestEventAt ?? '',
        settings.owner,
      ]),
    ),
    ...(onDemandFeatureViews.length > 0
      ? [
          table(
            ['on-demand view', 'features', 'owner'],
            onDemandFeatureViews.map(({ view, features, owner }) => [
              view,
              features.map(({ name }) => name).join(', '),
              owner,
            ]),
          ),
        ]
      : []),
    servicesText(catalogue),
  ];
  return `Features of ${project}, revision ${projectRevision}\n\n${parts.join('\n\n')}`;
}

const sourceText = (source: ViewSource): string =>
  source.type === 'dataset' ? `dataset ${source.dataset}` : `${source.type} ${source.name}`;

const servicesText = ({ featureServices }: Catalogue): string =>
  table(
    ['feature service', 'version', 'views', 'answers', 'owner'],
    featureServices.map(({ service, version, views, outputs, owner }) => [
      service,
      version,
      views.map(({ view, version: pinned }) => `${view} ${pinned}`).join(', '),
      outputs.length,
      owner,
    ]),
  );

async function show(project: string, view: string, options: Options & { version?: number }): Promise<void> {
  const { client, output } = contextOf(options);
  const { version } = options;
  const found = await client.call(readFeatureView, {
    params: { project, view },
    query: version === undefined ? {} : { version },
  });
  output.result(found, () => viewText(found));
}

function viewText({ featureView, settings, versions, usedBy }: View): string {
  const { view, version, project, entities, joinKeys, source, ttlSeconds, features, aggregations } =
    featureView;
  const facts: [string, string][] = [
    ['entities', `${entities.join(', ')} (${joinKeys.map(({ name }) => name).join(', ')})`],
    ['source', sourceText(source)],
    ['ttl', ttlSeconds === undefined ? 'none' : durationText(ttlSeconds)],
    ['online', settings.online ? 'yes' : 'no'],
    ['owner', settings.owner],
    ['versions', versions.map((each) => each.version).join(', ')],
    [
      'services',
      usedBy.featureServices.map((each) => `${each.service} ${each.version}`).join(', ') || 'none',
    ],
    ['models', usedBy.models.map((each) => `${each.model} ${each.modelVersion}`).join(', ') || 'none'],
  ];
  const made = [
    ...features.map(({ name, type, column, description = '' }) => [
      name,
      type,
      `column ${column}`,
      description,
    ]),
    ...aggregations.map(({ name, type, function: fn, column, windowSeconds, description = '' }) => [
      name,
      type,
      `${fn}${column === undefined ? '' : ` of ${column}`} over ${durationText(windowSeconds)}`,
      description,
    ]),
  ];
  return [
    `${view} of ${project}, version ${version}`,
    ...facts.map(([name, value]) => `${`${name}:`.padEnd(10)}${value}`),
    '',
    table(['feature', 'type', 'from', 'description'], made),
  ].join('\n');
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

function serviceText({ featureService, versions, models }: Service): string {
  const { service, version, project, views, onDemand, request, outputs } = featureService;
  const originOf = (name: string): string => {
    const view = views.find(({ features }) => features.some(({ as }) => as === name));
    if (view) return `${view.view} ${view.version}`;
    return onDemand.find(({ as }) => as === name)?.expression ?? '';
  };
  const keeping = models.filter((each) => each.version === version);
  return [
    `${service} of ${project}, version ${version} of ${versions.length}`,
    `request:  ${request.map(({ name, type }) => `${name} ${type}`).join(', ') || 'join keys only'}`,
    `models:   ${keeping.map(({ model, modelVersion }) => `${model} ${modelVersion}`).join(', ') || 'none'}`,
    '',
    table(
      ['answer', 'type', 'from'],
      outputs.map(({ name, type }) => [name, type, originOf(name)]),
    ),
  ].join('\n');
}
