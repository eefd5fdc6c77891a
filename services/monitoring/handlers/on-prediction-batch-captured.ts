import { PredictionBatchCaptured } from '#events/predictions.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { predictionMeter } from '../store/prediction-meter.ts';
import { takeBatch } from '../use-cases/take-batch.ts';
import { openMonitoring } from './composition.ts';

const deps = { ...openMonitoring(), ids: ulidGenerator, meter: predictionMeter };

export const handler = eventHandler(PredictionBatchCaptured, ({ detail }) =>
  takeBatch(deps, detail, {
    consumer: 'monitoring/on-prediction-batch-captured',
    eventId: detail.metadata.eventId,
  }),
);
