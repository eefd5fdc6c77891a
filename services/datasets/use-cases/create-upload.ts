import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { incomingPrefix } from '../contract.ts';
import type { DatasetStore, Projects, UploadAddresses } from '../ports.ts';

const validSeconds = 15 * 60;

export interface CreateUploadDeps {
  readonly store: DatasetStore;
  readonly projects: Projects;
  readonly addresses: UploadAddresses;
  readonly ids: IdGenerator;
}

/**
 * Gives an address that takes one file, and remembers who asked, so that what the upload causes has a person behind it.
 * Throws ProjectNotFound, or UploadTooLarge where the project's limit is lower.
 */
export async function createUpload(
  { store, projects, addresses, ids }: CreateUploadDeps,
  input: { project: string; fileName: string; bytes: number; requestedBy: string },
) {
  const { project, fileName, bytes, requestedBy } = input;
  const revision = await projects.find(project);
  if (!revision) {
    throw new AppError(
      'not_found',
      'ProjectNotFound',
      `There is no project '${project}'. Apply its project file first.`,
    );
  }
  const { maxUploadBytes } = revision.definition.data;
  if (bytes > maxUploadBytes) {
    throw new AppError(
      'invalid_input',
      'UploadTooLarge',
      `${fileName} has ${bytes} bytes; data.maxUploadBytes of project '${project}' allows ${maxUploadBytes}. Split the file, or raise the limit (at most 5368709120).`,
    );
  }
  const key = `${incomingPrefix}${project}/${ids.next()}-${fileName}`;
  const [signed] = await Promise.all([
    addresses.sign({ key, bytes, validSeconds }),
    store.rememberRequester(key, requestedBy),
  ]);
  return { ...signed, method: 'PUT' as const, key };
}
