import type * as z from 'zod';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { listCheckedFiles as endpoint } from '../contract.ts';
import type { Documents, ValidationStore } from '../ports.ts';
import { readVersion, rowsGone } from './checked-version.ts';

export interface ListCheckedFilesDeps {
  readonly store: ValidationStore;
  readonly documents: Documents;
  /** An address of an object for HTTP GET, valid for 15 minutes. */
  readonly address: (object: StoredObject) => Promise<string>;
}

/** The files that the newest check of a version wrote. Throws ValidationNotFound, DatasetVersionGone, NothingValidated. */
export async function listCheckedFiles(
  deps: ListCheckedFilesDeps,
  { project, datasetVersion }: { project: string; datasetVersion: number },
): Promise<z.input<typeof endpoint.response>> {
  const { record, report } = await readVersion(deps, { project, datasetVersion });
  if (record.expiredAt) throw rowsGone(record);
  const { validated, quarantine, validRows, quarantinedRows, verdict } = report;
  if (!validated && !quarantine)
    throw new AppError(
      'precondition_failed',
      'NothingValidated',
      `No rows are kept of the check of dataset version ${datasetVersion} of '${project}', whose verdict is ${verdict}. Its report says why.`,
    );
  const files = [
    ...(validated ? [{ kind: 'validated' as const, rows: validRows, ...validated }] : []),
    ...(quarantine ? [{ kind: 'quarantine' as const, rows: quarantinedRows, ...quarantine }] : []),
  ];
  return {
    items: await Promise.all(files.map(async (file) => ({ ...file, url: await deps.address(file) }))),
  };
}
