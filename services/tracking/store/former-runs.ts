import { artifactUriOf, defaultArtifactLocation } from '../domain/experiment.ts';
import type { LatestMetric, TrackedRun } from '../domain/run.ts';

/** A run as release 0.1 stored it. */
export interface FormerRun {
  readonly runId: string;
  readonly experimentId: string;
  readonly project: string;
  readonly runName: string;
  readonly status: 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';
  readonly startTime: string;
  readonly endTime?: string;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Metrics had neither time nor step: they were logged when the run ended. */
export function runOfFormer(former: FormerRun): TrackedRun {
  const { runId, experimentId, project, runName, status, params, tags } = former;
  const startTime = Date.parse(former.startTime);
  const endTime = former.endTime === undefined ? undefined : Date.parse(former.endTime);
  const metrics = Object.entries(former.metrics).map(([key, value]): [string, LatestMetric] => [
    key,
    [value, endTime ?? startTime, 0],
  ]);
  return {
    runId,
    experimentId,
    project,
    name: runName,
    userId: 'millrace',
    status,
    startTime,
    ...(endTime === undefined ? {} : { endTime }),
    lifecycleStage: 'active',
    artifactUri: artifactUriOf(defaultArtifactLocation(experimentId), runId),
    params,
    tags,
    metrics: Object.fromEntries(metrics),
    datasets: [],
    modelInputs: [],
    modelOutputs: [],
  };
}
