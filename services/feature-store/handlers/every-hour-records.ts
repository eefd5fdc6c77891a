import { documentClient } from '#shared/aws/clients.ts';
import { objectVersions } from '#shared/aws/object-versions.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { builderEnvironment } from '../env.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { createRecordFiles } from '../store/record-files.ts';
import { createRecordMerger } from '../store/record-merger.ts';
import { compactRecords } from '../use-cases/compact-records.ts';
import { fillLeftVersions } from '../use-cases/fill-stream-versions.ts';
import { streamFillDeps } from './stream-fills.ts';

const env = readEnvironment(builderEnvironment);
const table = createTable(documentClient(), env.TABLE_NAME);
const deps = {
  definitions: createDefinitionStore(table),
  files: createRecordFiles(table),
  merge: createRecordMerger({
    dataBucket: env.DATA_BUCKET,
    functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  }),
  removeObjects: async (uris: readonly string[]) => objectVersions.remove(await objectVersions.list(uris)),
  clock: systemClock,
};

/** Puts the files that records landed in together, and fills versions of streams that were not filled when they were new. */
export const handler = scheduleHandler(async () => {
  const files = await compactRecords(deps);
  if (files > 0) logger.info('Files of records were put together.', { files });
  const versions = await fillLeftVersions(streamFillDeps(env));
  if (versions > 0) logger.info('New versions of streams were filled with earlier records.', { versions });
});
