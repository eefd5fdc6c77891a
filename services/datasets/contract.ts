import * as z from 'zod';
import { defineQuery } from '#shared/contracts/call.ts';
import { projectName } from '#shared/contracts/parts.ts';
import { datasetVersion } from './contract/documents.ts';
import { uploadEndpoints } from './contract/uploads.ts';
import { versionEndpoints } from './contract/versions.ts';

export * from './contract/documents.ts';
export { uploadedName } from './contract/file-name.ts';
export { readManifest } from './contract/read-manifest.ts';
export * from './contract/uploads.ts';
export * from './contract/versions.ts';

/** Uploads begin with this in the uploads bucket: `incoming/<project>/<file>`, or `incoming/<project>/<folder>/<path>` for many. */
export const incomingPrefix = 'incoming/';
/** Completes a folder of files: names each with size and SHA-256 (`uploadManifest`), or an empty file that says that all are there. */
export const completionMarkers = ['_manifest.json', '_SUCCESS'] as const;

export const getDatasetVersion = defineQuery({
  service: 'datasets',
  name: 'get-dataset-version',
  description:
    'One version of a project’s dataset, or its newest where none is named; DatasetVersionNotFound.',
  input: z.object({ project: projectName, datasetVersion: z.int().min(1).optional() }),
  output: datasetVersion,
});

export const endpoints = [...uploadEndpoints, ...versionEndpoints];
