import { DatasetVersionCreated } from '#events/datasets.ts';
import { getProject } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { validatorEnvironment } from '../env.ts';
import { reportWriter, storedManifests } from '../store/documents.ts';
import { createRowChecker } from '../store/row-checker.ts';
import { createValidationStore } from '../store/validation-store.ts';
import { validateVersion } from '../use-cases/validate-version.ts';

const env = readEnvironment(validatorEnvironment);
const deps = {
  projects: {
    revision: (project: string, revision: number) =>
      ask(env.MILLRACE_STAGE, getProject, { project, revision }),
  },
  manifests: storedManifests,
  checker: createRowChecker({
    dataBucket: env.DATA_BUCKET,
    functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  }),
  writeReport: reportWriter(env.DATA_BUCKET),
  store: createValidationStore(createTable(documentClient(), env.TABLE_NAME)),
  clock: systemClock,
};

export const handler = eventHandler(DatasetVersionCreated, (event) => validateVersion(deps, event));
