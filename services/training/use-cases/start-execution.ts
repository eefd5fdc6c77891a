import type * as z from 'zod';
import type { trainingExecutionInput } from '#services/training/contract.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { TrainingMachine, TrainingStore } from '../ports.ts';

export interface StartExecutionDeps {
  readonly store: TrainingStore;
  readonly machine: TrainingMachine;
}

/** Starts the execution of a training that the governor let begin. Again: nothing. */
export async function startExecution(deps: StartExecutionDeps, trainingId: string): Promise<void> {
  const training = await deps.store.readTraining(trainingId);
  if (!training) throw new AppError('not_found', 'TrainingNotFound', `There is no training '${trainingId}'.`);
  const { project, projectRevision, datasetVersion, requestedAt, requestedBy, metadata } = training;
  const input: z.input<typeof trainingExecutionInput> = {
    project,
    projectRevision,
    trainingId,
    datasetVersion,
    asOf: requestedAt,
    requestedBy,
  };
  await deps.machine.start(trainingId, { metadata, input });
}
