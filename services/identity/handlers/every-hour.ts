import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { settlerEnvironment } from '../env.ts';
import { createEnder } from '../store/issuer.ts';
import { settleTokens } from '../use-cases/end-tokens.ts';

const ender = createEnder(readEnvironment(settlerEnvironment));

export const handler = scheduleHandler(async () => {
  const { ended } = await settleTokens(ender);
  if (ended > 0) logger.info('Tokens that expired or were left half-way were ended.', { ended });
});
