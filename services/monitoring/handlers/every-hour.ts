import { scheduleHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { closeOverdueWindows } from '../use-cases/close-open-windows.ts';
import { openMonitoring } from './composition.ts';

const deps = openMonitoring();

export const handler = scheduleHandler(async () => {
  for (const { model, modelVersion, window, verdict } of await closeOverdueWindows(deps))
    logger.info('An overdue window was judged.', { model, modelVersion, window, verdict });
});
