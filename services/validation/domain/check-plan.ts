import * as z from 'zod';
import { sha256, storedObject } from '#shared/contracts/parts.ts';
import { contractSuggestion, validationReport } from '../contract.ts';
import { versionCheck, versionOutcome } from './version-check.ts';

/** A check as it is set to work, here or in a Processing job, and what its outcome must be published with. */
export const checkPlan = z.object({
  schemaVersion: z.literal(1),
  check: versionCheck,
  projectRevision: z.int().min(1),
  contractSha256: sha256,
  /** Column that the project predicts. */ target: z.string().optional(),
  newestRowsAt: z.iso.datetime().optional(),
  /** All that people let out of quarantine, the newest last. */
  releases: z.array(
    z.object({
      releaseId: z.string(),
      checks: z.array(z.string()),
      releasedBy: z.string(),
      releasedAt: z.iso.datetime(),
      reason: z.string(),
    }),
  ),
  /** Of the report before: how many rows each release let out. */
  releasedBefore: z.record(z.string(), z.int()),
  needs: z.object({
    storedBytes: z.number(),
    textBytes: z.number(),
    memoryMb: z.number(),
    diskMb: z.number(),
    seconds: z.number(),
  }),
});
export type CheckPlan = z.infer<typeof checkPlan>;

/** Without columns a contract says nothing: the version is profiled and a contract suggested. */
export const hasContract = ({ check }: CheckPlan): boolean => Object.keys(check.contract.columns).length > 0;

/** What came of a check, with its files where they stay. */
export const storedOutcome = z.object({
  result: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('checked'),
      outcome: versionOutcome.omit({ profile: true }),
      profile: storedObject,
      validated: storedObject.optional(),
      quarantine: storedObject.optional(),
    }),
    z.object({
      kind: z.literal('profiled'),
      rows: z.int(),
      profile: storedObject,
      suggested: contractSuggestion.pick({ contract: true, evidence: true, warnings: true }),
    }),
    /** The version cannot be checked, however often it is tried. */
    z.object({ kind: z.literal('unreadable'), observed: z.string(), expected: z.string() }),
  ]),
  engine: validationReport.shape.engine,
});
export type StoredOutcome = z.infer<typeof storedOutcome>;
