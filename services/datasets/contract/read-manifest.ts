import * as z from 'zod';
import { columnSchema, projectName, storedObject } from '#shared/contracts/parts.ts';
import type { FileReading } from '#shared/data-files/reading.ts';
import { type DatasetManifest, datasetManifest } from './documents.ts';

/** Manifests as they were before files of several formats and folders of files could be uploaded. */
const manifestOfVersion1 = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  format: z.enum(['csv', 'parquet']),
  columns: z.array(columnSchema),
  objects: z.array(storedObject.extend({ rows: z.int().min(0), availableAt: z.iso.datetime() })),
});

const readingOfVersion1: Readonly<Record<'csv' | 'parquet', FileReading>> = {
  csv: { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' },
  parquet: { format: 'parquet' },
};

/** A stored manifest of any schema version, as the newest. */
export function readManifest(text: string): DatasetManifest {
  const stored: unknown = JSON.parse(text);
  const former = manifestOfVersion1.safeParse(stored);
  if (!former.success) return datasetManifest.parse(stored);
  const { project, format, columns, objects } = former.data;
  const upgraded = objects.map((object) => ({
    ...object,
    reading: readingOfVersion1[format],
    // Its name in the upload was not kept.
    path: `${object.sha256}.${format}`,
  }));
  return { schemaVersion: 2, project, columns, objects: upgraded };
}
