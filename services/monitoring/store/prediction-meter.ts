import { MetricResolution, MetricUnit } from '@aws-lambda-powertools/metrics';
import { predictionPsiMetric } from '#services/monitoring/contract.ts';
import { metrics } from '#shared/telemetry/metrics.ts';
import type { PredictionMeter } from '../ports.ts';

/** Writes the metric as a log line in embedded metric format, of one second’s resolution. Its dimension `service` comes from the function’s environment. */
export const predictionMeter: PredictionMeter = {
  record({ project, modelVersion }, psi) {
    metrics.addDimension('Project', project);
    metrics.addDimension('ModelVersion', String(modelVersion));
    metrics.addMetric(predictionPsiMetric.name, MetricUnit.NoUnit, psi, MetricResolution.High);
    metrics.publishStoredMetrics();
  },
};
