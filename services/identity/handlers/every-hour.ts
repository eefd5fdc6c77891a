import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { issuerEnvironment } from '../env.ts';
import { createIssuer } from '../store/issuer.ts';
import { settleTokens } from '../use-cases/end-tokens.ts';

const issuer = createIssuer(readEnvironment(issuerEnvironment));

export const handler = scheduleHandler(async () => {
  const { ended } = await settleTokens(issuer);
  if (ended > 0) logger.info('Tokens that expired or were left half-way were ended.', { ended });
});
