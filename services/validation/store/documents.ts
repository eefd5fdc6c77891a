import { readManifest } from '#services/datasets/contract.ts';
import { getText, putObject } from '#shared/aws/objects.ts';
import { canonicalJson, sha256Hex } from '#shared/kernel/hash.ts';
import { validationReport } from '../contract.ts';
import type { Manifests, ReadReport, WriteReport } from '../ports.ts';

/** The manifests that the datasets service writes. */
export const storedManifests: Manifests = {
  read: async (manifest) => readManifest(await getText(manifest)),
};

/** Where what was made of a version lies; content-addressed, so that a repeated validation never changes what a report names. */
export const resultKey = (project: string, sha256: string, ending: string): string =>
  `validation/${project}/${sha256}.${ending}`;

export const readReport: ReadReport = async (report) =>
  validationReport.parse(JSON.parse(await getText(report)));

/** Writes reports as JSON to the data bucket. */
export function reportWriter(dataBucket: string): WriteReport {
  return (report) => {
    const text = canonicalJson(report);
    const key = resultKey(report.project, sha256Hex(text), 'json');
    return putObject({ bucket: dataBucket, key }, text, 'application/json');
  };
}
