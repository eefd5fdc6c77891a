import { TrainingRequested, TrainingSuppressed } from '#events/training.ts';
import { type Actor, causedBy, type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import type { Decision, SuppressionRule, TrainingRequest } from '../domain/governor.ts';
import type { Consumed, Origin, RememberedGovernor, Training } from '../ports.ts';
import type { GovernorDeps } from './governor-memory.ts';

export type RequestTrainingAnswer =
  | { readonly decision: 'requested'; readonly trainingId: string; readonly message: string }
  | {
      readonly decision: 'suppressed';
      readonly rule: SuppressionRule | 'NoValidatedData';
      readonly message: string;
    };

export interface DecidedRequest {
  readonly project: string;
  readonly request: TrainingRequest<Origin>;
  readonly trainingId: string;
  readonly remembered: RememberedGovernor;
  readonly consumed?: Consumed | undefined;
}

/** Writes what was decided with the fact that tells of it: TrainingRequested or TrainingSuppressed. Throws GovernorChanged, AlreadyConsumed. */
export async function saveDecision(
  deps: GovernorDeps,
  input: DecidedRequest,
  decision: Decision<Origin>,
): Promise<RequestTrainingAnswer> {
  const { project, consumed } = input;
  const change = {
    project,
    state: decision.state,
    revision: input.remembered.revision,
    ...(consumed ? { consumed } : {}),
  };
  if (decision.decision === 'suppress') {
    const { rule, message } = decision;
    const { trigger, datasetVersion, origin } = input.request;
    const event = TrainingSuppressed.create(following(deps, project, origin, deps.ids.next()), {
      project,
      trigger,
      rule,
      message,
      datasetVersion,
    });
    await deps.store.saveGovernor({ ...change, events: [event] });
    return { decision: 'suppressed', rule, message };
  }
  const training = begun(deps, input, decision.request);
  const event = TrainingRequested.create(training.metadata, {
    project,
    trainingId: training.trainingId,
    trigger: training.trigger,
    reasons: [...training.reasons],
    datasetVersion: training.datasetVersion,
    projectRevision: training.projectRevision,
  });
  await deps.store.saveGovernor({ ...change, training, events: [event] });
  return {
    decision: 'requested',
    trainingId: training.trainingId,
    message: `Training ${training.trainingId} begins on dataset version ${training.datasetVersion}.`,
  };
}

function begun(deps: GovernorDeps, input: DecidedRequest, request: TrainingRequest<Origin>): Training {
  const { project, trainingId } = input;
  const { projectRevision, trigger, reasons, datasetVersion, requestedBy, origin } = request;
  const metadata = following(deps, project, origin, `${trainingId}-requested`);
  return {
    trainingId,
    project,
    projectRevision,
    trigger,
    reasons,
    datasetVersion,
    requestedBy,
    status: 'requested',
    requestedAt: metadata.occurredAt,
    metadata,
  };
}

const governorActor: Actor = { type: 'service', id: 'training' };

/** Metadata of a fact that follows from what asked, or begins a journey where a person did. */
export function following(
  { clock }: GovernorDeps,
  project: string,
  { actor, cause }: Origin,
  eventId: string,
): EventMetadata {
  const own = { eventId, occurredAt: clock.now() };
  if (!cause) return startingJourney({ ...own, project, actor });
  return causedBy(cause, { ...own, actor: governorActor });
}
