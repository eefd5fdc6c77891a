import { answer, queryHandler } from '#shared/lambda/task.ts';
import { getModelVersion } from '../contract.ts';
import { findVersion } from '../use-cases/read-versions.ts';
import { readingDeps } from './registry.ts';

const deps = readingDeps();

export const handler = queryHandler([
  answer(getModelVersion, async (input) => {
    const version = await findVersion(deps, input);
    return version ? { version } : {};
  }),
]);
