import { DatasetDiffRequested } from '#events/datasets.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { createDiffEngine } from '../comparing/compare-versions.ts';
import { comparerEnvironment } from '../env.ts';
import { objectReader } from '../store/object-reader.ts';
import { computeDiff } from '../use-cases/compute-diff.ts';
import { openVersions } from './versions.ts';

const env = readEnvironment(comparerEnvironment);
const engine = createDiffEngine({
  functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  reader: objectReader,
});
const deps = { ...openVersions(env), engine };

export const handler = eventHandler(DatasetDiffRequested, ({ detail: { metadata, data } }) =>
  computeDiff(deps, { ...data, requestId: metadata.eventId }),
);
