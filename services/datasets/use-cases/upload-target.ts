import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { incomingPrefix } from '../contract.ts';
import { folderPrefix, isMarker } from '../domain/upload-key.ts';
import type { Projects } from '../ports.ts';

export interface UploadTarget {
  readonly project: string;
  readonly fileName: string;
  readonly folder?: string | undefined;
  readonly bytes: number;
}

/**
 * The key that a file is uploaded to: one of its own, or its place in the folder. Throws ProjectNotFound, UploadTooLarge where the
 * project's limit is lower, FolderRequired for a path without the folder that it is in.
 */
export async function uploadTarget(
  { projects, ids }: { readonly projects: Projects; readonly ids: IdGenerator },
  { project, fileName, folder, bytes }: UploadTarget,
): Promise<string> {
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
  if (bytes === 0 && !(folder !== undefined && isMarker(fileName))) {
    throw new AppError(
      'invalid_input',
      'EmptyUpload',
      `${fileName} has 0 bytes. Upload a file with a header and rows.`,
    );
  }
  if (folder !== undefined) return `${folderPrefix(project, folder)}${fileName}`;
  if (fileName.includes('/')) {
    throw new AppError(
      'invalid_input',
      'FolderRequired',
      `'${fileName}' is a path. Name the folder whose files make one upload as \`folder\`, or send the name of the file alone.`,
    );
  }
  return `${incomingPrefix}${project}/${ids.next()}-${fileName}`;
}
