import * as z from 'zod';
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

/** After an outage nobody need wait until what was lost is late. */
const byHand = z.object({ olderThanMinutes: z.number().min(0).default(15) });

export const handler = scheduleHandler(async (input) => {
  const { olderThanMinutes } = byHand.parse(input);
  const failed: string[] = [];
  const report = (key: string, outcome: string | Error) => {
    if (outcome instanceof Error) {
      failed.push(key);
      logger.error('A lost upload could not be handled.', { key, error: outcome });
    } else logger.info('A lost upload was found and handled.', { key, outcome });
  };
  const until = new Date(systemClock.now().getTime() + roundMs);
  await findLostUploads({ ...deps, clock: systemClock, report }, { until, olderThanMinutes });
  if (failed.length > 0) throw new Error(`${failed.length} lost uploads could not be handled: ${failed[0]}.`);
});
