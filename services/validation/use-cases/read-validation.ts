import { AppError } from '#shared/kernel/errors.ts';
import type { ValidationReport } from '../contract.ts';
import type { Documents, ValidationStore } from '../ports.ts';

/** The report of a version, or of the newest that may be trained on when none is named. Throws ValidationNotFound. */
export async function readValidation(
  { store, documents }: { store: ValidationStore; documents: Documents },
  input: { project: string; datasetVersion?: number | undefined },
): Promise<ValidationReport> {
  const { project, datasetVersion } = input;
  const found =
    datasetVersion === undefined
      ? await store.newestTrainable(project)
      : await store.find(project, datasetVersion);
  if (found) return documents.readReport(found.report);
  throw new AppError(
    'not_found',
    'ValidationNotFound',
    datasetVersion === undefined
      ? `No dataset version of '${project}' passed validation yet. Upload data, or read the report of the newest version.`
      : `Dataset version ${datasetVersion} of '${project}' has no validation. It is made some seconds after the version; the list of versions shows which there are.`,
  );
}
