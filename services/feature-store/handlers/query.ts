import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { answer, queryHandler } from '#shared/lambda/task.ts';
import { getNewestTrainingSet } from '../contract.ts';
import { queryEnvironment } from '../env.ts';
import { createTrainingSetStore } from '../store/training-set-store.ts';

const store = createTrainingSetStore(
  createTable(documentClient(), readEnvironment(queryEnvironment).TABLE_NAME),
);

export const handler = queryHandler([
  answer(getNewestTrainingSet, async ({ project }) => {
    const trainingSet = await store.newest(project);
    return trainingSet ? { trainingSet } : {};
  }),
]);
