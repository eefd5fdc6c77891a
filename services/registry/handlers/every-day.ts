import { listProjectNames } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { contentEnvironment } from '../env.ts';
import { checkVersion } from '../use-cases/check-content.ts';
import { contentDeps } from './content.ts';

const { MILLRACE_STAGE } = readEnvironment(contentEnvironment);
const deps = contentDeps();

/** S3's events may be lost: what projects serve, or are about to, is compared once a day. */
export const handler = scheduleHandler(async () => {
  const { projects } = await ask(MILLRACE_STAGE, listProjectNames, {});
  for (const model of projects) {
    const aliases = await deps.store.readAliases(model);
    for (const modelVersion of new Set(Object.values(aliases))) await checkVersion(deps, model, modelVersion);
  }
});
