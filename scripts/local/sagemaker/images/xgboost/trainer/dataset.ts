/** Labelled rows. Missing feature values are NaN. */
export interface Dataset {
  readonly rowCount: number;
  readonly featureCount: number;
  /** Row-major features, `rowCount * featureCount`. */
  readonly values: Float32Array;
  readonly labels: Float32Array;
  /** Instance weights; all one when absent. */
  readonly weights?: Float32Array;
}
