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
