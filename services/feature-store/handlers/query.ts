import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { answer, queryHandler } from '#shared/lambda/task.ts';
import { getFeatureService, getNewestTrainingSet } from '../contract.ts';
import { queryEnvironment } from '../env.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { createTrainingSetStore } from '../store/training-set-store.ts';
import { readService } from '../use-cases/find-definition.ts';

const table = createTable(documentClient(), readEnvironment(queryEnvironment).TABLE_NAME);
const store = createTrainingSetStore(table);
const definitions = createDefinitionStore(table);

export const handler = queryHandler([
  answer(getNewestTrainingSet, async ({ project }) => {
    const trainingSet = await store.newest(project);
    return trainingSet ? { trainingSet } : {};
  }),
  answer(getFeatureService, (input) => readService(definitions, input)),
]);
