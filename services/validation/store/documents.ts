import type * as z from 'zod';
import { dataContract } from '#services/projects/contract.ts';
import { getText, putObject } from '#shared/aws/objects.ts';
import { inputManifests } from '#shared/aws/processing-jobs.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { contractSuggestion, datasetProfile, validationReport } from '../contract.ts';
import { checkPlan } from '../domain/check-plan.ts';
import { objectsOf } from '../domain/plan-objects.ts';
import type { Documents } from '../ports.ts';
import { versionText } from './keys.ts';

/** Everything kept about a version begins so: an erasure leaves nothing of it but what it made anew. */
export const versionFolder = (project: string, datasetVersion: number): string =>
  `validation/${project}/${versionText(datasetVersion)}/`;

/** Where what was made of a version lies; content-addressed, so that a repeated check never changes what a report names. */
export const resultKey = (project: string, datasetVersion: number, sha256: string, ending: string): string =>
  `${versionFolder(project, datasetVersion)}${sha256}.${ending}`;

/** JSON documents of the service in the data bucket. */
export function createDocuments(dataBucket: string): Documents {
  const write = (project: string, datasetVersion: number, document: unknown): Promise<StoredObject> => {
    // Not canonical: the order of a contract's columns means something.
    const text = JSON.stringify(document);
    const key = resultKey(project, datasetVersion, sha256Hex(text), 'json');
    return putObject({ bucket: dataBucket, key }, text, 'application/json');
  };
  const read =
    <Schema extends z.ZodType>(schema: Schema) =>
    async (object: StoredObject): Promise<z.output<Schema>> =>
      schema.parse(JSON.parse(await getText(object)));
  return {
    writeReport: (report) => write(report.project, report.datasetVersion, report),
    readReport: read(validationReport),
    writePlan: (plan) => write(plan.check.project, plan.check.datasetVersion, plan),
    readPlan: read(checkPlan),
    readProfile: read(datasetProfile),
    writeSuggestion: (suggestion) => write(suggestion.project, suggestion.datasetVersion, suggestion),
    readSuggestion: read(contractSuggestion),
    writeContract: (project, datasetVersion, contract) =>
      write(project, datasetVersion, dataContract.parse(contract)),
    writeInputManifests: (plan) =>
      Promise.all(
        inputManifests(objectsOf(plan)).map(async ({ bucket, document }) => ({
          bucket,
          manifest: await write(plan.check.project, plan.check.datasetVersion, document),
        })),
      ),
  };
}
