/** What every part of tracking needs to know of an experiment. */
export interface ExperimentHead {
  readonly experimentId: string;
  readonly name: string;
  readonly project: string;
  /** `mlflow-artifacts:/<experimentId>`, or where its maker wanted its artifacts, e.g. `s3://…`. */
  readonly artifactLocation: string;
  readonly lifecycleStage: 'active' | 'deleted';
}

/** What every part of tracking needs to know of a run. */
export interface RunHead {
  readonly runId: string;
  readonly experimentId: string;
  readonly project: string;
  /** `<artifact location of the experiment>/<runId>/artifacts`. */
  readonly artifactUri: string;
  /** `deleted` also where its experiment is. */
  readonly lifecycleStage: 'active' | 'deleted';
}

export interface Heads {
  experiment(experimentId: string): Promise<ExperimentHead | undefined>;
  run(runId: string): Promise<RunHead | undefined>;
}
