/** What a model version takes of a project's data. */
export interface RegisteredModelVersion {
  readonly project: string;
  readonly model: string;
  readonly modelVersion: number;
  /** Columns that it takes. */
  readonly features: readonly string[];
  readonly target: string;
}

/** Which version of a model gets all traffic since a time; absent: none. */
export interface ServingVersion {
  readonly project: string;
  readonly model: string;
  readonly modelVersion?: number;
  readonly at: string;
}

/** A model version, as far as a changed contract could break it. */
export interface ModelVersion extends RegisteredModelVersion {
  /** Whether it gets traffic. */
  readonly serving: boolean;
}
