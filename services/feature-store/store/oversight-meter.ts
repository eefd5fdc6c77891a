import { MetricResolution, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metrics } from '#shared/telemetry/metrics.ts';
import { oversightMetrics } from '../contract.ts';
import type { FreshnessMeter } from '../ports/freshness.ts';
import type { SkewMeter } from '../ports/skew.ts';

/** Log lines in embedded metric format; contract/oversight.ts names the metrics and their dimensions. */
export const oversightMeter: FreshnessMeter & SkewMeter = {
  lag(project, view, seconds) {
    metrics.addDimension('Project', project);
    metrics.addDimension('View', view);
    metrics.addMetric(oversightMetrics.freshnessLag, MetricUnit.Seconds, seconds, MetricResolution.Standard);
    metrics.publishStoredMetrics();
  },
  breach() {
    metrics.addMetric(oversightMetrics.breaches, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  },
  failedReport() {
    metrics.addMetric(oversightMetrics.failedReports, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  },
  mismatchRate(project, { service, version }, rate) {
    metrics.addDimension('Project', project);
    metrics.addDimension('FeatureService', service);
    metrics.addDimension('Version', String(version));
    metrics.addMetric(oversightMetrics.mismatchRate, MetricUnit.NoUnit, rate, MetricResolution.Standard);
    metrics.publishStoredMetrics();
  },
};
