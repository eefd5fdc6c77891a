import { downloadAll } from '#shared/aws/objects.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { sourceFilesOf } from '../engine/source-files.ts';
import type {
  CaptureFiles,
  ErasedEntities,
  RecordFileList,
  SourceFormat,
  Sources,
  ViewFiles,
  ViewObjects,
} from '../ports.ts';

export interface ViewFilesDeps {
  /** The report of the newest version that may be trained on. Throws ValidationNotFound (not_found). */
  readonly newestValidation: (dataset: string) => ReturnType<Sources['validation']>;
  readonly records: RecordFileList;
  readonly captures: Pick<CaptureFiles, 'list'>;
  /** Every erasure by entity key of a project. */
  readonly erasures: (project: string) => Promise<readonly ErasedEntities[]>;
}

/** Before anything was captured. */
const beginning = new Date(0).toISOString();

/** Finds the rows of views: of datasets, streams and captured predictions. */
export function createViewFiles(deps: ViewFilesDeps): ViewFiles {
  const list: ViewFiles['list'] = async ({ project, view, source }, asOf, since = beginning) => {
    switch (source.type) {
      case 'dataset':
        return datasetRows(deps, project, source.dataset);
      case 'stream': {
        const landed = await deps.records.list(project, view);
        return viewObjects(landed.filter(({ firstAvailableAt }) => firstAvailableAt <= asOf));
      }
      case 'captures': {
        const captured = await deps.captures.list(project, { from: since, to: asOf });
        return viewObjects(captured.map(({ object }) => ({ object, format: 'jsonl' })));
      }
    }
  };
  return {
    list,
    async fetch(view, folder, asOf) {
      const { erased, objects, ...about } = await list(view, asOf);
      const paths = await downloadAll(
        objects.map(({ object }) => object),
        folder,
      );
      return {
        ...about,
        files: sourceFilesOf({ objects, ...(erased ? { erased } : {}) }, (uri) => paths.get(uri)!),
      };
    },
  };
}

async function datasetRows(
  { newestValidation, erasures }: ViewFilesDeps,
  project: string,
  dataset: string,
): Promise<ViewObjects> {
  const report = await newestValidation(dataset).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'ValidationNotFound') throw error;
    return undefined;
  });
  if (report?.validated === undefined)
    throw new AppError(
      'precondition_failed',
      'DatasetNotTrainable',
      `The dataset of '${dataset}' has no version with the verdict Pass or Warn, so there are no rows to read. Upload data, and read its validation report where it failed.`,
    );
  const found = viewObjects([{ object: report.validated, format: 'parquet' }]);
  const erased = await erasures(project);
  return {
    ...found,
    dataset,
    datasetVersion: report.datasetVersion,
    ...(erased.length > 0 ? { erased, sourceSha256: digestOf({ objects: found.sourceSha256, erased }) } : {}),
  };
}

/** In one order whatever the list's: it decides the hash. */
function viewObjects(
  found: readonly { readonly object: StoredObject; readonly format: SourceFormat }[],
): Pick<ViewObjects, 'objects' | 'sourceSha256'> {
  const objects = found
    .map(({ object: { uri, sha256, bytes }, format }) => ({ object: { uri, sha256, bytes }, format }))
    .sort((one, other) => (one.object.uri < other.object.uri ? -1 : 1));
  return { objects, sourceSha256: digestOf(objects.map(({ object }) => object.sha256)) };
}
