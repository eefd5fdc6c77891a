import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { writerEnvironment } from '../env.ts';
import { createMaterializationFiles } from '../store/materialization-files.ts';
import { createOnlineValues } from '../store/online-values.ts';
import { writePart } from '../use-cases/write-part.ts';
import { materializationDeps } from './materialization.ts';

const env = readEnvironment(writerEnvironment);
const deps = {
  ...materializationDeps(env),
  files: createMaterializationFiles(env.DATA_BUCKET),
  writer: createOnlineValues(createTable(documentClient(), env.TABLE_NAME)),
};

export const handler = taskHandler(contract.writePart, async (input) => {
  await writePart(deps, input);
  return {};
});
