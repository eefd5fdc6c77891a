/** Where the artifacts of a run or of a logged model are. */
export interface ArtifactPlace {
  readonly project: string;
  /** e.g. `mlflow-artifacts:/1/<run>/artifacts`. */
  readonly artifactUri: string;
  /** Run that a logged model came of. */
  readonly sourceRunId?: string | undefined;
}

/** What tracking knows of runs and logged models. */
export interface ArtifactPlaces {
  run(runId: string): Promise<ArtifactPlace | undefined>;
  loggedModel(modelId: string): Promise<ArtifactPlace | undefined>;
}
