import { PredictionBatchCaptured } from '#events/predictions.ts';
import { queryEnvironment } from '#services/feature-store/env.ts';
import { EventSubscription } from '../event-subscription.ts';
import { ServiceFunction } from '../service-function.ts';
import type { ServiceStack } from '../service-stack.ts';
import type { ServiceTable } from '../service-table.ts';

/** Knows the captured predictions, and compares, watches and erases by them. */
export function addOversight(stack: ServiceStack, table: ServiceTable): void {
  const captured = new ServiceFunction(stack, 'on-prediction-batch-captured', {
    description: 'Remembers which predictions were captured in which file',
    environmentSchema: queryEnvironment,
    memorySizeMb: 256,
  });
  table.grant(captured, 'PutItem');
  new EventSubscription(stack, PredictionBatchCaptured, captured);
}
