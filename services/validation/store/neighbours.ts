import * as z from 'zod';
import { getDatasetVersion, readManifest } from '#services/datasets/contract.ts';
import { checkContract, getProject } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { getText } from '#shared/aws/objects.ts';
import { defineQuery } from '#shared/contracts/call.ts';
import { sha256, storedObject } from '#shared/contracts/parts.ts';
import type { Datasets, Projects, QuarantineRows } from '../ports.ts';

/** Asks the projects service. */
export const askProjects = (stage: string): Projects => ({
  revision: (project, revision) =>
    ask(stage, getProject, { project, ...(revision === undefined ? {} : { revision }) }),
  async contractViolations(project, contract) {
    const { violations } = await ask(stage, checkContract, { project, contract });
    return violations.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  },
});

/** Asks the datasets service, and reads the manifests that it writes. */
export const askDatasets = (stage: string): Datasets => ({
  version: (project, datasetVersion) => ask(stage, getDatasetVersion, { project, datasetVersion }),
  manifest: async (manifest) => readManifest(await getText(manifest)),
});

/** What the function with DuckDB is asked about a quarantine file. */
export const quarantinedRows = defineQuery({
  service: 'validation',
  name: 'read-quarantine',
  handler: 'read-quarantine',
  description: 'A page of the rows in a quarantine file.',
  input: z.object({
    quarantine: storedObject,
    offset: z.int().min(0),
    limit: z.int().min(1),
    check: z.string().optional(),
    masked: z.array(z.string()),
    repairs: z
      .object({
        primaryKey: z.string(),
        validated: storedObject,
        uploads: z.array(z.object({ sha256, availableAt: z.iso.datetime() })),
      })
      .optional(),
  }),
  output: z.object({
    quarantinedRows: z.int(),
    matchingRows: z.int(),
    repairedRows: z.int(),
    items: z.array(
      z.object({
        row: z.int(),
        objectSha256: z.string(),
        reasons: z.array(z.string()),
        repairedAt: z.string().optional(),
        values: z.record(z.string(), z.string().nullable()),
      }),
    ),
  }),
});

/** Asks the service's own function with DuckDB. */
export const askQuarantineRows = (stage: string): QuarantineRows => ({
  read: (question) => ask(stage, quarantinedRows, question),
});
