/** Artifacts that a registered model version was made from: nobody changes them any more. */
export interface SealedSource {
  /** Path of the version's source, see domain/artifact-path.ts. */
  readonly source: string;
  readonly model: string;
  readonly version: string;
}

export interface SealedSources {
  /** What is sealed of one run's, logged model's or trace's artifacts; `ownerRoot` as in `ArtifactOwner.root`. */
  sourcesOf(ownerRoot: string): Promise<readonly SealedSource[]>;
  /** Again with the same version it changes nothing. */
  seal(ownerRoot: string, source: SealedSource): Promise<void>;
}
