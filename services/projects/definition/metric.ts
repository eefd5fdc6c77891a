import * as z from 'zod';

/** Metrics that gates and monitoring may name. */
export const metricName = z.enum([
  'auc',
  'accuracy',
  'precision',
  'recall',
  'f1',
  'log_loss',
  'rmse',
  'mae',
  'r2',
]);
