import { answer, queryHandler } from '#shared/lambda/task.ts';
import { getServedVersion } from '../contract.ts';
import { releaseEnvironment } from '../env.ts';
import { servedVersion } from '../use-cases/served-version.ts';
import { openStore } from './composition.ts';

const deps = openStore(releaseEnvironment);

export const handler = queryHandler([
  answer(getServedVersion, async ({ project, modelVersion }) => {
    const served = await servedVersion(deps, project, modelVersion);
    return served ? { served } : {};
  }),
]);
