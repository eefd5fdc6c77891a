import { TrainingRequested, TrainingSuppressed } from '#events/training.ts';
import type { ProjectDefinition } from '#services/projects/contract.ts';
import { type Actor, causedBy, type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import {
  type Decision,
  decide,
  decidePending,
  type GovernorContext,
  isFinal,
  type SuppressionRule,
  type TrainingRequest,
  type Trigger,
} from '../domain/governor.ts';
import type { Consumed, Neighbours, Origin, RememberedGovernor, Training, TrainingStore } from '../ports.ts';

export interface GovernorDeps {
  readonly store: TrainingStore;
  readonly neighbours: Neighbours;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export interface RequestTrainingInput {
  readonly project: string;
  readonly trigger: Trigger;
  readonly reasons: readonly string[];
  /** Absent: the newest that may be trained on. */
  readonly datasetVersion?: number;
  readonly origin: Origin;
  readonly consumed?: Consumed;
}

export type RequestTrainingAnswer =
  | { readonly decision: 'requested'; readonly trainingId: string; readonly message: string }
  | {
      readonly decision: 'suppressed';
      readonly rule: SuppressionRule | 'NoValidatedData';
      readonly message: string;
    };

/** Two changes of one project that meet are settled by reading again; more than a few in a row do not happen. */
const maxAttempts = 5;

/** Asks the governor for a training: publishes TrainingRequested or TrainingSuppressed. Throws AlreadyConsumed for a fact that was consumed before. */
export async function requestTraining(
  deps: GovernorDeps,
  input: RequestTrainingInput,
): Promise<RequestTrainingAnswer> {
  const [project, datasetVersion] = await Promise.all([
    readProject(deps, input.project),
    input.datasetVersion ?? deps.neighbours.newestValidatedDataset(input.project),
  ]);
  if (datasetVersion === undefined) return refuseWithoutData(deps, input);
  const request: TrainingRequest<Origin> = {
    trigger: input.trigger,
    reasons: input.reasons,
    datasetVersion,
    projectRevision: project.projectRevision,
    requestedBy: (input.origin.cause?.initiatedBy ?? input.origin.actor).id,
    origin: input.origin,
  };
  return withGovernor(deps, input.project, async (remembered) => {
    const trainingId = deps.ids.next();
    const decision = decide(remembered.state, request, trainingId, project.context);
    return save(deps, { ...project, request, trainingId, remembered, consumed: input.consumed }, decision);
  });
}

/** Asks the governor again for what met a flight. Nothing waits, or it must go on waiting: nothing happens. */
export async function askPending(deps: GovernorDeps, projectName: string): Promise<void> {
  const { state } = await deps.store.readGovernor(projectName);
  if (!state.pending || state.flight) return;
  const project = await readProject(deps, projectName);
  await withGovernor(deps, projectName, async (remembered) => {
    const { pending } = remembered.state;
    const trainingId = deps.ids.next();
    const decision = decidePending(remembered.state, trainingId, project.context);
    if (!pending || !decision || (decision.decision === 'suppress' && !isFinal(decision.rule))) return;
    await save(deps, { ...project, request: pending, trainingId, remembered }, decision);
  });
}

interface KnownProject {
  readonly project: string;
  readonly projectRevision: number;
  readonly context: GovernorContext;
}

async function readProject(deps: GovernorDeps, project: string): Promise<KnownProject> {
  const [{ revision, definition }, champion] = await Promise.all([
    deps.neighbours.project(project),
    deps.neighbours.champion(project),
  ]);
  return {
    project,
    projectRevision: revision,
    context: {
      now: deps.clock.now(),
      policy: policyOf(definition),
      hasChampion: champion !== undefined,
    },
  };
}

function policyOf({ training, monitoring }: ProjectDefinition): GovernorContext['policy'] {
  return {
    onNewData: training.onNewData,
    retrainOn: monitoring.retrainOn,
    cooldownSeconds: training.limits.cooldownSeconds,
    maxTrainingsPerDay: training.limits.maxTrainingsPerDay,
  };
}

/** Runs on the governor's memory as it is; when somebody else changed it meanwhile, again. */
export async function withGovernor<Answer>(
  deps: GovernorDeps,
  project: string,
  run: (remembered: RememberedGovernor) => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(await deps.store.readGovernor(project));
    } catch (error) {
      const changed = error instanceof AppError && error.code === 'GovernorChanged';
      if (!changed || attempt === maxAttempts) throw error;
    }
  }
}

interface ToSave extends KnownProject {
  readonly request: TrainingRequest<Origin>;
  readonly trainingId: string;
  readonly remembered: RememberedGovernor;
  readonly consumed?: Consumed | undefined;
}

async function save(
  deps: GovernorDeps,
  input: ToSave,
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

function begun(deps: GovernorDeps, input: ToSave, request: TrainingRequest<Origin>): Training {
  const { project, projectRevision, trainingId } = input;
  const { trigger, reasons, datasetVersion, requestedBy, origin } = request;
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

async function refuseWithoutData(
  deps: GovernorDeps,
  { project, trigger, origin, consumed }: RequestTrainingInput,
): Promise<RequestTrainingAnswer> {
  const rule = 'NoValidatedData';
  const message = `No dataset version of '${project}' passed validation yet. Upload data that does.`;
  const event = TrainingSuppressed.create(following(deps, project, origin, deps.ids.next()), {
    project,
    trigger,
    rule,
    message,
  });
  return withGovernor(deps, project, async ({ state, revision }) => {
    await deps.store.saveGovernor({
      project,
      state,
      revision,
      events: [event],
      ...(consumed ? { consumed } : {}),
    });
    return { decision: 'suppressed', rule, message };
  });
}

const governorActor: Actor = { type: 'service', id: 'training' };

function following(
  { clock }: GovernorDeps,
  project: string,
  { actor, cause }: Origin,
  eventId: string,
): EventMetadata {
  const own = { eventId, occurredAt: clock.now() };
  if (!cause) return startingJourney({ ...own, project, actor });
  return causedBy(cause, { ...own, actor: governorActor });
}
