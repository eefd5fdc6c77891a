/** Removes for good what belongs to a run or an experiment, a bounded part at a time. */
export interface Erasure {
  /** Removes at most `most` things; answers how many it removed: fewer than `most` when nothing is left. */
  erase(most: number): Promise<number>;
}

/** What a purge removes besides the run or the experiment itself, in this order. */
export interface Erasures {
  ofRun(run: { readonly runId: string; readonly experimentId: string }): readonly Erasure[];
  ofExperiment(experimentId: string): readonly Erasure[];
}
