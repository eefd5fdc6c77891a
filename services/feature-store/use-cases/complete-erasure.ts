import type * as z from 'zod';
import { FeatureErasureCompleted } from '#events/feature-store.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import {
  type FeatureViewVersion,
  type featureErasureCertificate,
  featureGroupHistoryPrefix,
} from '../contract.ts';
import { relationOf } from '../domain/entity-views.ts';
import type {
  DefinitionStore,
  Documents,
  EntityViews,
  FeatureErasureRecord,
  FeatureErasureStore,
  PinningModelStore,
} from '../ports.ts';

export interface CompleteErasureDeps {
  readonly erasures: Pick<FeatureErasureStore, 'find' | 'close'>;
  readonly documents: Documents;
  readonly views: EntityViews;
  readonly definitions: Pick<DefinitionStore, 'serviceVersions'>;
  readonly models: Pick<PinningModelStore, 'services' | 'list'>;
  readonly clock: Clock;
}

type Certificate = z.infer<typeof featureErasureCertificate>;

/** Certifies an erasure that is done on both sides; nothing where it is not, or where it ended before. */
export async function completeErasure(
  deps: CompleteErasureDeps,
  { project, erasureId, metadata }: { project: string; erasureId: string; metadata: EventMetadata },
): Promise<void> {
  const { erasures, documents, clock } = deps;
  const erasure = await erasures.find(project, erasureId);
  if (erasure?.status !== 'running' || !erasure.own || !erasure.captures) return;
  const completedAt = clock.now().toISOString();
  const { entity, reason, requestedBy, keys, own, captures } = erasure;
  const counts = {
    onlineValuesDeleted: own.onlineValuesDeleted,
    recordsErased: own.recordsErased,
    predictionsErased: captures.predictionsErased,
  };
  const document: Certificate = {
    schemaVersion: 1,
    project,
    erasureId,
    entity,
    reason,
    requestedBy,
    completedAt,
    keys,
    ...counts,
    filesRewritten: own.filesRewritten + captures.filesRewritten,
    remaining: await remainingOf(deps, erasure),
  };
  // Whoever completes it at the same time writes another one, elsewhere: what is recorded keeps its content.
  const path = `erasures/${erasureId}/certificate-${digestOf(document)}.json`;
  const certificate = await documents.write(project, path, document);
  const event = FeatureErasureCompleted.create(
    causedBy(metadata, {
      eventId: `${erasureId}-completed`,
      occurredAt: clock.now(),
      actor: { type: 'service', id: 'feature-store' },
    }),
    { project, erasureId, entity, ...counts, certificate },
  );
  try {
    await erasures.close({ ...erasure, status: 'done', completedAt, certificate }, [event]);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'FeatureErasureChanged') throw error;
  }
}

/** What holds rows of the entity and is not this service's to change. */
async function remainingOf(
  deps: CompleteErasureDeps,
  { project, joinKeys }: FeatureErasureRecord,
): Promise<Certificate['remaining']> {
  const about = (await deps.views.all(project)).filter((view) => relationOf(view, joinKeys) !== undefined);
  const names = new Set(about.map(({ view }) => view));
  const sets = [...names].map((view) => ({
    kind: 'training-sets',
    id: view,
    why: 'Training sets that were made of this view hold copies of its rows, as they were then.',
  }));
  return [
    ...datasetsOf(about, joinKeys.length),
    ...groupsOf(about, project),
    ...sets,
    ...(await modelsOf(deps, project, names)),
  ];
}

function datasetsOf(views: readonly FeatureViewVersion[], keys: number): Certificate['remaining'] {
  const datasets = new Map(
    views.flatMap(({ view, source, joinKeys }) =>
      source.type === 'dataset'
        ? [
            [
              `${source.dataset} ${view}`,
              { view, dataset: source.dataset, isAmongOthers: joinKeys.length > keys },
            ],
          ]
        : [],
    ),
  );
  return [...datasets.values()].map(({ view, dataset, isAmongOthers }) => ({
    kind: 'dataset',
    id: dataset,
    why: `View '${view}' is made of it. Its rows of the entity do not count any more; erase them there by primary key: millrace data erase ${dataset}.${isAmongOthers ? ' Online values of several entities together go with the next materialization.' : ''}`,
  }));
}

/** SageMaker takes a row out of its online store alone. */
function groupsOf(views: readonly FeatureViewVersion[], project: string): Certificate['remaining'] {
  const kept = views.filter(({ store }) => store === 'sagemaker').map(({ view }) => view);
  return [...new Set(kept)].map((view) => ({
    kind: 'feature-group-history',
    id: view,
    why: `Its values are in SageMaker feature groups, whose offline store keeps all that they were ever sent, as files below ${featureGroupHistoryPrefix}${project} of the data bucket. The platform does not read them: delete those of the view's groups there.`,
  }));
}

async function modelsOf(
  { definitions, models }: CompleteErasureDeps,
  project: string,
  names: ReadonlySet<string>,
): Promise<Certificate['remaining']> {
  const remaining: Certificate['remaining'] = [];
  for (const service of await models.services(project)) {
    const versions = await definitions.serviceVersions(project, service);
    const about = new Set(
      versions.flatMap(({ version, views }) => (views.some(({ view }) => names.has(view)) ? [version] : [])),
    );
    for (const { model, modelVersion, version } of await models.list(project, service)) {
      if (!about.has(version)) continue;
      remaining.push({
        kind: 'model-version',
        id: `${model}/${modelVersion}`,
        why: `It was trained with features of the service '${service}'. Train it anew where it must forget them.`,
      });
    }
  }
  return remaining;
}
