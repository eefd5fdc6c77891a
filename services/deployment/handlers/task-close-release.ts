import { closeRelease as task } from '#services/deployment/contract.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { releaseEnvironment } from '../env.ts';
import { closeRelease } from '../use-cases/close-release.ts';
import { openStore } from './composition.ts';

const { store, clock } = openStore(releaseEnvironment);

export const handler = taskHandler(task, async (input, { metadata }) => {
  await closeRelease({ store, clock }, { ...input, metadata });
  return {};
});
