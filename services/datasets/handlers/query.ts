import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { answer, queryHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { queryEnvironment } from '../env.ts';
import { createDatasetStore } from '../store/dataset-store.ts';
import { readDatasetVersion } from '../use-cases/read-dataset-version.ts';

const { TABLE_NAME } = readEnvironment(queryEnvironment);
const store = createDatasetStore(createTable(documentClient(), TABLE_NAME), systemClock);

export const handler = queryHandler([
  answer(contract.getDatasetVersion, (input) => readDatasetVersion(store, input)),
]);
