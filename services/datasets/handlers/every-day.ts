import { listProjectNames } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { storedEnvironment } from '../env.ts';
import { applyRetention } from '../use-cases/apply-retention.ts';
import { tendErasures } from '../use-cases/tend-erasures.ts';
import { openVersions } from './versions.ts';

const env = readEnvironment(storedEnvironment);
const deps = openVersions(env);

/** What one project cannot have done today keeps no other from it; the function fails in the end, so that somebody hears of it. */
export const handler = scheduleHandler(async () => {
  const { projects } = await ask(env.MILLRACE_STAGE, listProjectNames, {});
  const failures: unknown[] = [];
  for (const project of projects) {
    try {
      await tendErasures(deps, project);
      const policy = (await deps.projects.find(project))?.definition.data.retention;
      const expired = await applyRetention(deps, { project, policy });
      if (expired.length > 0) logger.info('Versions expired.', { project, versions: expired });
    } catch (error) {
      logger.error(`The versions of ${project} could not be tended.`, error as Error);
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} projects could not be tended.`);
});
