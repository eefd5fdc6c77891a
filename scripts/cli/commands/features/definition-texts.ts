import type * as z from 'zod';
import type {
  listFeatures,
  readFeatureService,
  readFeatureView,
  ViewSource,
} from '#services/feature-store/contract.ts';
import { durationText } from '#shared/kernel/duration.ts';
import { table } from '../../output.ts';

type Catalogue = z.output<typeof listFeatures.response>;
type View = z.output<typeof readFeatureView.response>;
type Service = z.output<typeof readFeatureService.response>;

/** All that a project's newest revision declares. */
export function catalogueText(project: string, catalogue: Catalogue): string {
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

/** The services of a catalogue. */
export const servicesText = ({ featureServices }: Catalogue): string =>
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

/** A version of a view. */
export function viewText({ featureView, settings, versions, usedBy }: View): string {
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

/** A version of a service. */
export function serviceText({ featureService, versions, models }: Service): string {
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
