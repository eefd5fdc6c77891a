import type * as z from 'zod';
import { HistoricalFeaturesRequested } from '#events/feature-store.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { getHistoricalFeatures, Retrieval } from '../contract.ts';
import { chosenFeatures, pinFeatures } from '../domain/ad-hoc-features.ts';
import type { RetrievalPlan } from '../domain/retrieval-plan.ts';
import type {
  DeclaredFeatures,
  RetrievalDocuments,
  RetrievalRecord,
  RetrievalStore,
  ViewFiles,
} from '../ports.ts';
import { type PlannedEntitiesDeps, planEntities } from './planned-entities.ts';
import { presentRetrieval } from './read-retrievals.ts';

export interface RequestRetrievalDeps extends PlannedEntitiesDeps {
  readonly declared: DeclaredFeatures;
  readonly viewFiles: Pick<ViewFiles, 'list'>;
  readonly documents: RetrievalDocuments;
  readonly retrievals: RetrievalStore;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

export type RetrievalRequest = z.output<typeof getHistoricalFeatures.body> & {
  readonly project: string;
  readonly requestedBy: string;
  /** Throws RoleMissing (forbidden) where the caller may not see a project. */
  readonly assertViewer: (project: string) => void;
};

/** Resolves what is asked for, keeps it as a document, and lets it be retrieved. Errors: see `getHistoricalFeatures`. */
export async function requestRetrieval(
  deps: RequestRetrievalDeps,
  request: RetrievalRequest,
): Promise<Retrieval> {
  const { project, entityRows, requestedBy } = request;
  if (entityRows.type === 'dataset') request.assertViewer(entityRows.dataset ?? project);
  const now = deps.clock.now();
  const asOf = request.asOf && Date.parse(request.asOf) < now.getTime() ? request.asOf : now.toISOString();
  const features = await resolveFeatures(deps, request);
  const needed = [
    ...features.views.flatMap(({ joinKeys }) => joinKeys.map(({ name }) => name)),
    ...(features.service?.request ?? []).map(({ name }) => name),
  ];
  const retrievalId = deps.ids.next();
  const plan: RetrievalPlan = {
    schemaVersion: 1,
    project,
    retrievalId,
    asOf,
    entityRows: await planEntities(deps, project, entityRows, needed),
    ...(features.service ? { service: features.service } : {}),
    views: await Promise.all(
      features.views.map(async (pinned) => {
        const definition = await viewVersion(deps.declared, project, pinned.view, pinned.version);
        const { objects, ...about } = await deps.viewFiles.list(definition, asOf);
        return { pinned, definition, found: { objects: [...objects], ...about } };
      }),
    ),
    outputs: features.outputs,
    format: request.format,
  };
  const stored = await deps.documents.writePlan(plan);
  const cause = startingJourney({
    eventId: retrievalId,
    occurredAt: now,
    project,
    actor: { type: 'user', id: requestedBy },
  });
  const retrieval: RetrievalRecord = {
    retrievalId,
    project,
    status: 'running',
    requestedBy,
    requestedAt: now.toISOString(),
    asOf,
    request: stored,
    cause,
    work: 'planned',
    attempts: 0,
    revision: 1,
  };
  const event = HistoricalFeaturesRequested.create(cause, { project, retrievalId, request: stored });
  await deps.retrievals.add(retrieval, event);
  return presentRetrieval(retrieval);
}

/** The pinned service that is named, or the features that are named pinned as they are now. */
async function resolveFeatures(
  { declared }: RequestRetrievalDeps,
  { project, featureService, version, features = [], fullFeatureNames = false }: RetrievalRequest,
): Promise<
  Pick<RetrievalPlan, 'service' | 'outputs'> & { views: RetrievalPlan['views'][number]['pinned'][] }
> {
  if (featureService === undefined) {
    const chosen = chosenFeatures(features);
    const views = await Promise.all([...chosen.keys()].map((view) => viewVersion(declared, project, view)));
    return pinFeatures(views, chosen, fullFeatureNames);
  }
  const service = await declared.service(project, featureService, version);
  if (!service)
    throw new AppError(
      'not_found',
      'FeatureServiceNotFound',
      `'${project}' has no feature service '${featureService}'${version === undefined ? '' : ` with version ${version}`}. List what it declares, or declare it under features.featureServices of the project.`,
    );
  return { service, views: service.views, outputs: service.outputs };
}

async function viewVersion(declared: DeclaredFeatures, project: string, view: string, version?: number) {
  const found = await declared.view(project, view, version);
  if (found) return found;
  throw new AppError(
    'not_found',
    'FeatureViewNotFound',
    `'${project}' has no feature view '${view}'${version === undefined ? '' : ` with version ${version}`}. List what it declares; features of on-demand views are answered by a feature service.`,
  );
}
