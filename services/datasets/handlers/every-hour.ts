import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { receiverEnvironment } from '../env.ts';
import { findLostUploads } from '../use-cases/find-lost-uploads.ts';
import { receiverDeps } from './receiver.ts';

/** Leaves the last upload of a round two thirds of the function's time. */
const roundMs = 5 * 60_000;

const deps = receiverDeps(readEnvironment(receiverEnvironment));

export const handler = scheduleHandler(async () => {
  const failed: string[] = [];
  const report = (key: string, outcome: string | Error) => {
    if (outcome instanceof Error) {
      failed.push(key);
      logger.error('A lost upload could not be handled.', { key, error: outcome });
    } else logger.info('A lost upload was found and handled.', { key, outcome });
  };
  const until = new Date(systemClock.now().getTime() + roundMs);
  await findLostUploads({ ...deps, clock: systemClock, report }, until);
  if (failed.length > 0) throw new Error(`${failed.length} lost uploads could not be handled: ${failed[0]}.`);
});
