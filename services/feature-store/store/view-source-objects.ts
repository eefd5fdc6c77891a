import { AppError } from '#shared/kernel/errors.ts';
import { microsecondsOf } from '#shared/kernel/microseconds.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { earliestStart } from '../domain/windows.ts';
import type {
  CaptureFiles,
  MaterializationRun,
  SourceObjects,
  ValidatedRows,
  ViewSourceObjects,
} from '../ports.ts';

/** Newest validated rows of a dataset; captured predictions as far back as the view looks. */
export function createViewSourceObjects(deps: {
  readonly validatedRows: ValidatedRows;
  readonly captureFiles: Pick<CaptureFiles, 'list'>;
}): ViewSourceObjects {
  return {
    async of(view, run) {
      const { source } = view;
      if (source.type === 'dataset') return datasetObjects(deps.validatedRows, source.dataset, run);
      if (source.type === 'stream')
        throw new Error(`View '${view.view}' is a stream: it is not materialized.`);
      const period = { from: firstNeeded(view, run.asOf), to: run.asOf };
      const files = await deps.captureFiles.list(view.project, period);
      return { objects: files.map(({ object }) => ({ object, format: 'jsonl' as const })) };
    },
  };
}

/** After an erasure there may be no validated version left: then nothing is to be online. Throws DatasetNotValidated otherwise. */
async function datasetObjects(
  validatedRows: ValidatedRows,
  dataset: string,
  { occasion }: MaterializationRun,
): Promise<SourceObjects> {
  const newest = await validatedRows.newest(dataset);
  if (newest) {
    const { datasetVersion, validated } = newest;
    return { dataset, datasetVersion, objects: [{ object: validated, format: 'parquet' }] };
  }
  if (occasion === 'erasure') return { dataset, objects: [] };
  throw new AppError(
    'precondition_failed',
    'DatasetNotValidated',
    `No version of dataset '${dataset}' passed validation. Upload data, or read the report of the newest version, and ask again.`,
  );
}

/** Rows before this answer nothing any more: they are expired, or in no window. */
function firstNeeded({ aggregations, ttlSeconds }: FeatureViewVersion, asOf: string): string {
  const at = microsecondsOf(asOf, 'asOf');
  const first =
    aggregations.length > 0
      ? earliestStart(at, aggregations)
      : ttlSeconds === undefined
        ? 0
        : at - ttlSeconds * 1_000_000;
  return new Date(Math.max(0, Math.floor(first / 1000))).toISOString();
}
