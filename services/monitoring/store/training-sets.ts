import { getNewestTrainingSet } from '#services/feature-store/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import type { TrainingSets } from '../ports.ts';

/** Asks the feature store. */
export const createTrainingSets = (stage: string): TrainingSets => ({
  newest: async (project) => (await ask(stage, getNewestTrainingSet, { project })).trainingSet,
});
