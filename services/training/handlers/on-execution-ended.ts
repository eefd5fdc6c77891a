import * as z from 'zod';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { environment } from '../env.ts';
import { failTraining } from '../use-cases/end-training.ts';
import { governorDeps } from './governor.ts';

const deps = governorDeps(readEnvironment(environment));

/** `name` is the execution's, which is the trainingId. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const executionChange = z.object({
  name: z.string(),
  status: z.string(),
  error: z.string().nullish(),
  cause: z.string().nullish(),
});

export const handler = awsEventHandler(
  (detail) => executionChange.parse(detail),
  async ({ name, status, error, cause }) => {
    if (!(await deps.store.readTraining(name))) {
      logger.warn('An execution ended that the governor did not start.', { name, status });
      return;
    }
    await failTraining(deps, {
      trainingId: name,
      step: 'execution',
      error: error ?? status,
      cause: cause ?? `The execution ended with status ${status}.`,
    });
  },
);
