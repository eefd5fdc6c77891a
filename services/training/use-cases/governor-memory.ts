import type { ProjectDefinition } from '#services/projects/contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { GovernorContext } from '../domain/governor.ts';
import type { Neighbours, RememberedGovernor, TrainingStore } from '../ports.ts';

export interface GovernorDeps {
  readonly store: TrainingStore;
  readonly neighbours: Neighbours;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** Two changes of one project that meet are settled by reading again; more than a few in a row do not happen. */
const maxAttempts = 5;

/** A project as the governor must know it to decide. */
export interface KnownProject {
  readonly projectRevision: number;
  readonly definition: ProjectDefinition;
  readonly context: GovernorContext;
}

/** Asks for the newest revision of a project, and whether its model has a champion. */
export async function readProject(deps: GovernorDeps, project: string): Promise<KnownProject> {
  const [{ revision, definition }, champion] = await Promise.all([
    deps.neighbours.project(project),
    deps.neighbours.champion(project),
  ]);
  return {
    projectRevision: revision,
    definition,
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
