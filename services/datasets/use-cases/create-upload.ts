import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { DatasetStore, Projects, UploadAddresses } from '../ports.ts';
import { type UploadTarget, uploadTarget } from './upload-target.ts';

/** How long a presigned address can be used. */
export const validSeconds = 15 * 60;

export interface CreateUploadDeps {
  readonly store: DatasetStore;
  readonly projects: Projects;
  readonly addresses: UploadAddresses;
  readonly ids: IdGenerator;
}

/**
 * Gives an address that takes one file, and remembers who asked, so that what the upload causes has a person behind it.
 * Throws as `uploadTarget` does.
 */
export async function createUpload(
  deps: CreateUploadDeps,
  { requestedBy, ...target }: UploadTarget & { requestedBy: string },
) {
  const key = await uploadTarget(deps, target);
  const [signed] = await Promise.all([
    deps.addresses.sign({ key, bytes: target.bytes, validSeconds }),
    deps.store.rememberRequester({ key, requestedBy }),
  ]);
  return { ...signed, method: 'PUT' as const, key };
}
