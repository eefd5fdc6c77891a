import { MetricResolution, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metrics } from '#shared/telemetry/metrics.ts';
import { servingMetrics } from '../contract.ts';
import type { ServingMeter } from '../ports.ts';

/** Writes one embedded-metric line per request to the log; CloudWatch makes metrics of it. */
export const servingMeter: ServingMeter = {
  record(project, modelVersion, { failed, latencyMs }) {
    metrics.addDimensions({ Project: project, ModelVersion: String(modelVersion) });
    metrics.addMetric(servingMetrics.errorRate, MetricUnit.Count, failed ? 1 : 0, MetricResolution.High);
    metrics.addMetric(servingMetrics.latencyMs, MetricUnit.Milliseconds, latencyMs, MetricResolution.High);
    metrics.publishStoredMetrics();
  },
};
