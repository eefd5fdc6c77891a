import * as z from 'zod';
import { manifestObject } from '#services/datasets/contract.ts';
import { dataContract } from '#services/projects/contract.ts';
import { projectName, storedObject } from '#shared/contracts/parts.ts';
import { datasetProfile, validationReport } from '../contract.ts';

/** Validated rows of another version: looked up by `references`, compared with by `distribution`. */
export const otherVersion = z.object({
  project: projectName,
  datasetVersion: z.int().min(1),
  rows: z.int(),
  validated: storedObject,
});

/** All that decides the outcome of a check of a dataset version. JSON, so that a Processing job gets the same as a function. */
export const versionCheck = z.object({
  project: projectName,
  datasetVersion: z.int().min(1),
  contract: dataContract,
  /** Columns that any object of the version has. */ columns: z.array(z.string()),
  objects: z.array(manifestObject),
  /** For rules `references`, by `<project>@<newest or version as the rule says>`; absent where there is no such version yet. */
  lookups: z.record(z.string(), otherVersion),
  /** For rules `distribution` and `row_count_change`, by `previous`, `first` or the version; absent where there is none. */
  comparisons: z.record(z.string(), otherVersion),
  /** Checks whose rows an approver let out of quarantine: `range`, `range:age`; `*` is all. */
  released: z.array(z.string()),
});
export type VersionCheck = z.infer<typeof versionCheck>;

/** What a check found. Beside it lie `validated.parquet`, `quarantine.parquet` (where there are such rows) and `profile.json` in the output folder. */
export const versionOutcome = validationReport
  .pick({ verdict: true, rows: true, validRows: true, quarantinedRows: true, checks: true })
  .extend({ profile: datasetProfile, releasedRows: z.int() });
export type VersionOutcome = z.infer<typeof versionOutcome>;
