import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { jobEnvironment } from '../env.ts';
import { createEntityFiles } from '../store/entity-files.ts';
import { repairRetrievals } from '../use-cases/repair-retrievals.ts';
import { retrievalJobDeps } from './historical.ts';

const env = readEnvironment(jobEnvironment);
const deps = {
  ...retrievalJobDeps(env),
  files: createEntityFiles(createTable(documentClient(), env.TABLE_NAME), env.DATA_BUCKET),
};

export const handler = scheduleHandler(() => repairRetrievals(deps));
