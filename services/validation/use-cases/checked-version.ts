import { AppError } from '#shared/kernel/errors.ts';
import type { ValidationReport } from '../contract.ts';
import type { Documents, ValidationRecord, ValidationStore } from '../ports.ts';

/** What is known of a version that was checked. Throws ValidationNotFound. */
export async function readVersion(
  { store, documents }: { readonly store: ValidationStore; readonly documents: Documents },
  { project, datasetVersion }: { readonly project: string; readonly datasetVersion: number },
): Promise<{ record: ValidationRecord; report: ValidationReport }> {
  const record = await store.find(project, datasetVersion);
  if (record) return { record, report: await documents.readReport(record.report) };
  throw new AppError(
    'not_found',
    'ValidationNotFound',
    `Dataset version ${datasetVersion} of '${project}' has no validation, so no rows of it passed or are in quarantine. The list of versions shows which there are.`,
  );
}

/** DatasetVersionGone. */
export const rowsGone = ({ project, datasetVersion, expiredAt }: ValidationRecord): AppError =>
  new AppError(
    'precondition_failed',
    'DatasetVersionGone',
    `The rows of dataset version ${datasetVersion} of '${project}' were removed at ${expiredAt} by its retention policy.`,
  );
