import { getNewestTrainingSet } from '#services/feature-store/contract.ts';
import { getServingImage } from '#services/training/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import type { ServingFacts } from '../ports.ts';

/** Asks the feature store and training. */
export const createServingFacts = (stage: string): ServingFacts => ({
  newestTrainingSet: async (project) => (await ask(stage, getNewestTrainingSet, { project })).trainingSet,
  image: async () => (await ask(stage, getServingImage, {})).image,
});
