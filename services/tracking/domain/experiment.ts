import type { LifecycleStage } from './run.ts';

/** An experiment; times in milliseconds since the epoch. */
export interface Experiment {
  readonly experimentId: string;
  readonly name: string;
  readonly project: string;
  readonly artifactLocation: string;
  readonly lifecycleStage: LifecycleStage;
  readonly creationTime: number;
  readonly lastUpdateTime: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** The experiment of runs that name none: it always exists, and belongs to the project `default`. */
export const defaultExperimentId = '0';
export const defaultExperimentName = 'Default';

/** What the default experiment is before anybody changed it: nothing of it is stored until then. */
export const defaultExperiment: Experiment = {
  experimentId: defaultExperimentId,
  name: defaultExperimentName,
  project: 'default',
  artifactLocation: `mlflow-artifacts:/${defaultExperimentId}`,
  lifecycleStage: 'active',
  // Before all others, and no falsy number, which clients take for none.
  creationTime: 1,
  lastUpdateTime: 1,
  tags: {},
};

/** Where artifacts lie unless their experiment says otherwise. */
export const defaultArtifactLocation = (experimentId: string): string => `mlflow-artifacts:/${experimentId}`;

/** Where the artifacts of a run of an experiment lie; a query of the location stays behind the path. */
export function artifactUriOf(artifactLocation: string, runId: string): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(artifactLocation) ?? [];
  return `${path.replace(/\/+$/, '')}/${runId}/artifacts${rest}`;
}
