import { getPrediction } from '#services/predictions/contract.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { answer, queryHandler } from '#shared/lambda/task.ts';
import { predictionEnvironment } from '../env.ts';
import { openCaptures } from './composition.ts';

const captures = openCaptures(readEnvironment(predictionEnvironment).TABLE_NAME);

export const handler = queryHandler([
  answer(getPrediction, async ({ project, inferenceId }) => {
    const found = await captures.findPrediction(project, inferenceId);
    if (!found)
      throw new AppError(
        'not_found',
        'PredictionNotFound',
        `Project '${project}' keeps no prediction '${inferenceId}'. Predictions are kept for 30 days.`,
      );
    return found;
  }),
]);
