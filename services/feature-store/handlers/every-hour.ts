import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { writerEnvironment } from '../env.ts';
import { requestDueSkewChecks } from '../use-cases/request-skew-check.ts';
import { tendFeatureErasures } from '../use-cases/tend-feature-erasures.ts';
import { oversightDeps } from './oversight.ts';

const deps = oversightDeps(readEnvironment(writerEnvironment));

export const handler = scheduleHandler(async () => {
  for (const project of await requestDueSkewChecks(deps))
    logger.info('What was served is looked at.', { project });
  for (const project of await deps.definitions.projects()) await tendFeatureErasures(deps, project);
});
