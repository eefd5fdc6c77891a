import { GroundTruthReceived } from '#events/predictions.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { receiveLabels } from '../use-cases/join-labels.ts';
import { openMonitoring } from './composition.ts';

const deps = openMonitoring();

export const handler = eventHandler(GroundTruthReceived, async ({ detail }) => {
  const { eventId } = detail.metadata;
  const joined = await receiveLabels(deps, detail, {
    consumer: 'monitoring/on-ground-truth-received',
    eventId,
  });
  logger.info('Labels were joined to closed windows.', { ...joined });
});
