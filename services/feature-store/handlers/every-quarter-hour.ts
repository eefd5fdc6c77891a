import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { writerEnvironment } from '../env.ts';
import { lookAtMaterializers } from '../use-cases/look-at-materializers.ts';
import { watchFreshness } from '../use-cases/watch-freshness.ts';
import { materializationDeps } from './materialization.ts';
import { oversightDeps } from './oversight.ts';

const env = readEnvironment(writerEnvironment);
const materialization = materializationDeps(env);
const oversight = oversightDeps(env);

export const handler = scheduleHandler(async () => {
  await lookAtMaterializers(materialization);
  for (const project of await oversight.definitions.projects()) await watchFreshness(oversight, project);
});
