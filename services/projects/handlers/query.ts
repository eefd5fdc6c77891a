import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { answer, queryHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { environment } from '../env.ts';
import { createProjectStore } from '../store/project-store.ts';
import { checkContract } from '../use-cases/apply-contract.ts';
import { listProjectNames, readProject } from '../use-cases/read-projects.ts';

const { TABLE_NAME } = readEnvironment(environment);
const store = createProjectStore(createTable(documentClient(), TABLE_NAME));

export const handler = queryHandler([
  answer(contract.getProject, (input) => readProject(store, input)),
  answer(contract.checkContract, (input) => checkContract(store, input)),
  answer(contract.listProjectNames, async () => ({ projects: await listProjectNames(store) })),
]);
