import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Experiment } from '../domain/experiment.ts';

/** An experiment as it was read: a change replaces exactly this. */
export interface ExperimentState {
  readonly experiment: Experiment;
  readonly revision: number;
}

export interface ExperimentStore {
  read(experimentId: string): Promise<ExperimentState | undefined>;
  /** Those of these ids that there are, in any order. */
  readAll(experimentIds: readonly string[]): Promise<readonly Experiment[]>;
  readByName(name: string): Promise<ExperimentState | undefined>;
  /** Writes a new experiment and its name. Says what there was already, and changes nothing then. */
  create(
    experiment: Experiment,
    events: readonly DomainEvent[],
  ): Promise<'created' | 'idTaken' | 'nameTaken'>;
  /** Replaces an experiment; a new name must be free. */
  replace(
    before: ExperimentState,
    experiment: Experiment,
    events: readonly DomainEvent[],
  ): Promise<'replaced' | 'changed' | 'nameTaken'>;
  /** Removes an experiment and frees its name. False where it changed since it was read. */
  remove(before: ExperimentState, events: readonly DomainEvent[]): Promise<boolean>;
  /** All experiments of a stage, the first made first. */
  list(stage: Experiment['lifecycleStage']): Promise<readonly Experiment[]>;
}
