import { HistoricalFeaturesFailed, HistoricalFeaturesRetrieved } from '#events/feature-store.ts';
import { causedBy } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { RetrievedTrainingSet } from '../contract.ts';
import type { RetrievalOutcome } from '../domain/retrieval-plan.ts';
import type { RetrievalDispatcher, RetrievalRecord, RetrievalStore } from '../ports.ts';

export interface EndRetrievalDeps {
  readonly retrievals: RetrievalStore;
  readonly dispatcher: RetrievalDispatcher;
  readonly clock: Clock;
}

/** So often a retrieval is set to work before it counts as failed. */
const maxAttempts = 4;
const maxFailureLength = 1000;
/** Somebody marks the retrieval while its outcome is written: then it is written anew. */
const maxWrites = 5;

/**
 * Publishes what came of a retrieval: state and fact in one transaction. One that was ended before is left alone, so that of two that did the
 * same work one counts. What changed under it is planned anew, once.
 */
export async function endRetrieval(
  deps: EndRetrievalDeps,
  { project, retrievalId }: RetrievalRecord,
  outcome: RetrievalOutcome,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const retrieval = await deps.retrievals.find(project, retrievalId);
    if (!retrieval || retrieval.work === 'ended') return;
    try {
      if (outcome.kind === 'retrieved') await complete(deps, retrieval, outcome.trainingSet);
      else if (outcome.kind === 'refused' || isPlannedAnew(retrieval))
        await fail(deps, retrieval, outcome.failure);
      else await planAnew(deps, retrieval);
      return;
    } catch (error) {
      const isChanged = error instanceof AppError && error.code === 'RetrievalChanged';
      if (!isChanged || attempt === maxWrites) throw error;
    }
  }
}

/** Sets a retrieval to work once more, a size bigger; after the last try it failed. */
export async function tryAgain(
  deps: EndRetrievalDeps,
  retrieval: RetrievalRecord,
  reason: string,
): Promise<'tried-again' | 'settled'> {
  const attempts = retrieval.attempts + 1;
  if (attempts >= maxAttempts) {
    const failure = `${attempts} tries ended without an answer; the last: ${reason}`;
    await endRetrieval(deps, retrieval, { kind: 'refused', failure });
    return 'settled';
  }
  await deps.retrievals.change(withoutEngine(retrieval), { work: 'planned', attempts });
  await deps.dispatcher.wake(retrieval.project, retrieval.retrievalId);
  return 'tried-again';
}

async function complete(
  { retrievals, clock }: EndRetrievalDeps,
  retrieval: RetrievalRecord,
  trainingSet: RetrievedTrainingSet,
): Promise<void> {
  const { project, retrievalId, asOf } = retrieval;
  const { trainingSetId, contentSha256, data, rows, inputs } = trainingSet;
  const named = [inputs.entityRows, ...inputs.views].flatMap(({ dataset, datasetVersion }) =>
    dataset === undefined || datasetVersion === undefined ? [] : [{ project: dataset, datasetVersion }],
  );
  const event = HistoricalFeaturesRetrieved.create(metadataOf(retrieval, clock, 'retrieved'), {
    project,
    retrievalId,
    trainingSetId,
    contentSha256,
    data,
    rows,
    asOf,
    views: inputs.views.map(({ view, version }) => ({ view, version })),
    datasets: [...new Map(named.map((one) => [`${one.project} ${one.datasetVersion}`, one])).values()],
  });
  await retrievals.change(
    retrieval,
    { ...ended(retrieval, clock), place: placeOf(retrieval.engine), status: 'done', trainingSet },
    event,
  );
}

async function fail(
  { retrievals, clock }: EndRetrievalDeps,
  retrieval: RetrievalRecord,
  reason: string,
): Promise<void> {
  const { project, retrievalId } = retrieval;
  const failure = reason.slice(0, maxFailureLength);
  const event = HistoricalFeaturesFailed.create(metadataOf(retrieval, clock, 'failed'), {
    project,
    retrievalId,
    failure,
  });
  await retrievals.change(retrieval, { ...ended(retrieval, clock), status: 'failed', failure }, event);
}

const ended = ({ engine }: RetrievalRecord, clock: Clock): Partial<RetrievalRecord> => ({
  work: 'ended',
  completedAt: clock.now().toISOString(),
  ...(engine ? { place: placeOf(engine) } : {}),
});

/** What answers before it is noted that it was set to work is a function: a job is slower. */
const placeOf = (engine: RetrievalRecord['engine']) =>
  engine?.jobName === undefined ? 'function' : 'processing-job';

/** Whether a new plan was no other than the one before: then nothing replaced what is gone. */
const isPlannedAnew = ({ request, staleRequest }: RetrievalRecord): boolean =>
  staleRequest !== undefined && staleRequest.sha256 === request.sha256;

/**
 * Compaction or an erasure may delete what a plan names between planning and reading: a plan made now names what took its place. It is no
 * failed try, so the retrieval stays as small as it was.
 */
async function planAnew({ retrievals, dispatcher }: EndRetrievalDeps, retrieval: RetrievalRecord) {
  await retrievals.change(withoutEngine(retrieval), { work: 'planned', staleRequest: retrieval.request });
  await dispatcher.wake(retrieval.project, retrieval.retrievalId);
}

function withoutEngine(retrieval: RetrievalRecord): RetrievalRecord {
  const { engine: _engine, dispatchedAt: _dispatchedAt, ...rest } = retrieval;
  return rest;
}

const metadataOf = ({ retrievalId, cause }: RetrievalRecord, clock: Clock, what: string) =>
  causedBy(cause, {
    eventId: `${retrievalId}-${what}`,
    occurredAt: clock.now(),
    actor: { type: 'service', id: 'feature-store' },
  });
