import type { LoggedModel, ModelMetric } from '../domain/logged-model.ts';
import type { Revisions } from './revisions.ts';

export interface LoggedModelStore extends Revisions<LoggedModel> {
  /** Of these experiments, deleted ones too; eventually consistent. */
  ofExperiments(experimentIds: readonly string[]): Promise<readonly LoggedModel[]>;
}

/** Metrics of one model, as a run logs them. */
export interface ModelPoints {
  readonly modelId: string;
  readonly metrics: readonly Omit<ModelMetric, 'runId'>[];
}

/** Where runs log the metrics that name a model. */
export interface ModelMetricLog {
  /** Throws ModelNotFound where the run's project has no such model. */
  logMetrics(
    run: { readonly runId: string; readonly project: string },
    points: readonly ModelPoints[],
  ): Promise<void>;
}
