import type { ProjectDefinition } from '#services/projects/contract.ts';
import { metricsNamespace } from '#shared/kernel/names.ts';

/** One alarm over a metric of the canary. */
export interface CanaryAlarm {
  readonly alarmName: string;
  readonly namespace: string;
  readonly metricName: string;
  /** A CloudWatch statistic, or a percentile such as `p99`. */
  readonly statistic: 'Average' | 'Maximum' | 'p99';
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly description: string;
}

/** Below this bake time minutes are too coarse: the metrics are written with one second’s resolution and judged every 10 seconds. */
const fineBakeSeconds = 300;

/** Every canary alarm’s name begins so: infra subscribes to and allows exactly these. */
export const canaryAlarmPrefix = (stage: string): string => `millrace-${stage}-canary-`;

/** The alarms that end a canary: errors, latency, and predictions that drift from the reference. */
export function canaryAlarms(
  stage: string,
  subject: { project: string; modelVersion: number },
  canary: ProjectDefinition['deployment']['canary'],
  metrics: Readonly<Record<'errorRate' | 'latencyMs' | 'predictionPsi', { service: string; name: string }>>,
): CanaryAlarm[] {
  const periodSeconds = canary.bakeSeconds < fineBakeSeconds ? 10 : 60;
  const name = (what: string) =>
    `${canaryAlarmPrefix(stage)}${subject.project}-v${subject.modelVersion}-${what}`;
  const of = ({ service, name: metricName }: { service: string; name: string }) => ({
    namespace: metricsNamespace(stage),
    metricName,
    dimensions: { service, Project: subject.project, ModelVersion: String(subject.modelVersion) },
  });
  return [
    {
      alarmName: name('errors'),
      ...of(metrics.errorRate),
      statistic: 'Average',
      threshold: canary.maxErrorRate,
      periodSeconds,
      description: `More than ${canary.maxErrorRate} of the requests to version ${subject.modelVersion} of ${subject.project} failed.`,
    },
    {
      alarmName: name('latency'),
      ...of(metrics.latencyMs),
      statistic: 'p99',
      threshold: canary.maxP99LatencyMs,
      periodSeconds,
      description: `The 99th percentile of the latency of version ${subject.modelVersion} of ${subject.project} was above ${canary.maxP99LatencyMs} ms.`,
    },
    {
      alarmName: name('prediction-drift'),
      ...of(metrics.predictionPsi),
      statistic: 'Maximum',
      threshold: canary.maxPredictionPsi,
      periodSeconds,
      description: `The predictions of version ${subject.modelVersion} of ${subject.project} moved away from its reference (PSI above ${canary.maxPredictionPsi}).`,
    },
  ];
}
