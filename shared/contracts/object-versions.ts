/** One S3 version of an object. */
export interface ObjectVersionRef {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  /** What reading by key alone gives. */
  readonly isLatest?: boolean;
}

/** S3 versions of objects, behind keys that merely look empty after a delete. */
export interface ObjectVersions {
  /** All S3 versions and delete markers of exactly these objects. */
  list(uris: readonly string[]): Promise<readonly ObjectVersionRef[]>;
  /** Removes them for good; those that are gone already are no error. Throws ObjectsNotDeleted (unavailable). */
  remove(objects: readonly ObjectVersionRef[]): Promise<void>;
}
