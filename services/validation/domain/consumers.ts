/** A model version of a project, as far as a changed contract could break it. */
export interface ModelVersion {
  readonly project: string;
  readonly model: string;
  readonly modelVersion: number;
  /** Columns that it takes. */
  readonly features: readonly string[];
  readonly target: string;
  /** Whether it gets traffic. */
  readonly serving: boolean;
}
