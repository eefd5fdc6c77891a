import { TrainingCompleted, TrainingFailed } from '#events/training.ts';
import { type Actor, causedBy, type DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { endFlight } from '../domain/governor.ts';
import type { Training } from '../ports.ts';
import { askPending } from './ask-pending.ts';
import { type GovernorDeps, withGovernor } from './governor-memory.ts';

const actor: Actor = { type: 'service', id: 'training' };
/** What is told of a failure beyond this is in the execution's history. */
const maxCauseLength = 2000;

export interface CompleteTrainingInput {
  readonly trainingId: string;
  readonly runId: string;
  readonly jobName: string;
  readonly artifact: StoredObject;
  readonly modelVersion: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly billableSeconds: number;
}

/** Ends the flight with a registered version, and asks the governor for what waited. Again: only asks. */
export async function completeTraining(deps: GovernorDeps, input: CompleteTrainingInput): Promise<void> {
  const { trainingId, modelVersion, metrics, ...result } = input;
  await end(deps, trainingId, ({ project, metadata }) => ({
    outcome: { status: 'completed', jobName: input.jobName, modelVersion },
    event: TrainingCompleted.create(
      causedBy(metadata, { eventId: `${trainingId}-completed`, occurredAt: deps.clock.now(), actor }),
      { project, trainingId, model: project, modelVersion, metrics: { ...metrics }, ...result },
    ),
  }));
}

export interface FailTrainingInput {
  readonly trainingId: string;
  readonly step: string;
  readonly error: string;
  readonly cause: string;
}

/** Ends the flight without a model, and asks the governor for what waited. A training that ended before stays as it ended. */
export async function failTraining(deps: GovernorDeps, input: FailTrainingInput): Promise<void> {
  const { trainingId, step, error } = input;
  const cause = input.cause.slice(0, maxCauseLength);
  await end(deps, trainingId, ({ project, metadata }) => ({
    outcome: { status: 'failed', error: `${error}: ${cause}` },
    event: TrainingFailed.create(
      causedBy(metadata, { eventId: `${trainingId}-failed`, occurredAt: deps.clock.now(), actor }),
      { project, trainingId, step, error, cause },
    ),
  }));
}

interface Ending {
  readonly outcome: Pick<Training, 'status'> & Partial<Training>;
  readonly event: DomainEvent;
}

async function end(
  deps: GovernorDeps,
  trainingId: string,
  ending: (training: Training) => Ending,
): Promise<void> {
  const { project } = await readTraining(deps, trainingId);
  await withGovernor(deps, project, async ({ state, revision }) => {
    const training = await readTraining(deps, trainingId);
    if (training.status === 'completed' || training.status === 'failed') return;
    const now = deps.clock.now();
    const { outcome, event } = ending(training);
    await deps.store.saveGovernor({
      project,
      state: endFlight(state, trainingId, now, outcome.status === 'completed' ? 'completed' : 'failed'),
      revision,
      training: { ...training, ...outcome, endedAt: now.toISOString() },
      events: [event],
    });
  });
  await askPending(deps, project);
}

async function readTraining({ store }: GovernorDeps, trainingId: string): Promise<Training> {
  const training = await store.readTraining(trainingId);
  if (training) return training;
  throw new AppError('not_found', 'TrainingNotFound', `There is no training '${trainingId}'.`);
}
