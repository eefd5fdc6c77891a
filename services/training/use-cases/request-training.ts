import { TrainingSuppressed } from '#events/training.ts';
import { type ProjectDefinition, targetOf } from '#services/projects/contract.ts';
import { decide, type TrainingRequest, type Trigger } from '../domain/governor.ts';
import type { Consumed, Origin } from '../ports.ts';
import { type GovernorDeps, readProject, withGovernor } from './governor-memory.ts';
import { following, type RequestTrainingAnswer, saveDecision } from './save-decision.ts';

export interface RequestTrainingInput {
  readonly project: string;
  readonly trigger: Trigger;
  readonly reasons: readonly string[];
  /** Absent: the newest that may be trained on. */
  readonly datasetVersion?: number;
  readonly origin: Origin;
  readonly consumed?: Consumed;
}

/**
 * Asks the governor for a training: publishes TrainingRequested or TrainingSuppressed. A project without
 * target trains nothing, which ends the story of its data. Throws NoTarget (precondition_failed) where a person asks for it, and
 * AlreadyConsumed for a fact that was consumed before.
 */
export async function requestTraining(
  deps: GovernorDeps,
  input: RequestTrainingInput,
): Promise<RequestTrainingAnswer> {
  const [{ projectRevision, definition, context }, datasetVersion] = await Promise.all([
    readProject(deps, input.project),
    input.datasetVersion ?? deps.neighbours.newestValidatedDataset(input.project),
  ]);
  if (!definition.target) return refuseWithoutTarget(deps, input, definition);
  if (datasetVersion === undefined)
    return refuse(deps, input, {
      rule: 'NoValidatedData',
      message: `No dataset version of '${input.project}' passed validation yet. Upload data that does.`,
    });
  const request: TrainingRequest<Origin> = {
    trigger: input.trigger,
    reasons: input.reasons,
    datasetVersion,
    projectRevision,
    requestedBy: (input.origin.cause?.initiatedBy ?? input.origin.actor).id,
    origin: input.origin,
  };
  return withGovernor(deps, input.project, async (remembered) => {
    const trainingId = deps.ids.next();
    const decision = decide(remembered.state, request, trainingId, context);
    const { project, consumed } = input;
    return saveDecision(deps, { project, request, trainingId, remembered, consumed }, decision);
  });
}

async function refuseWithoutTarget(
  deps: GovernorDeps,
  input: RequestTrainingInput,
  definition: ProjectDefinition,
): Promise<RequestTrainingAnswer> {
  if (input.trigger === 'Manual') targetOf(definition);
  const message = `Project '${definition.name}' has no target and trains nothing.`;
  return refuse(deps, input, { rule: 'Policy', message });
}

/** What the governor need not be asked about. */
async function refuse(
  deps: GovernorDeps,
  { project, trigger, origin, consumed }: RequestTrainingInput,
  { rule, message }: { readonly rule: 'NoValidatedData' | 'Policy'; readonly message: string },
): Promise<RequestTrainingAnswer> {
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
