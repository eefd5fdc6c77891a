import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { quarantinedVersionsMetric } from '#services/registry/contract.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { metrics } from '#shared/telemetry/metrics.ts';
import type { QuarantineMeter } from '../ports/content.ts';

/** Writes the metric as a log line in embedded metric format, and which version it is as another. */
export const quarantineMeter: QuarantineMeter = {
  record(version) {
    logger.warn('A model version was quarantined: bytes behind it changed.', { ...version });
    metrics.addMetric(quarantinedVersionsMetric, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  },
};
