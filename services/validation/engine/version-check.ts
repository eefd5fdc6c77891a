export * from '../domain/version-check.ts';

/** Where a check works: everything is on local disk. */
export interface CheckPlace {
  /** Local path of an object of the version, or of another version's validated rows, by its `uri`. */
  readonly pathOf: (uri: string) => string;
  /** For DuckDB to spill and for the results; empty at the beginning. */
  readonly folder: string;
  readonly memoryMb: number;
  readonly threads: number;
}
