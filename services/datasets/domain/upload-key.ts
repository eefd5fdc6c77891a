import { completionMarkers, incomingPrefix, uploadedName } from '../contract.ts';

const projectPattern = /^[a-z][a-z0-9-]{1,31}$/;

/** What a key of the uploads bucket says: `incoming/<project>/<file>`, or `incoming/<project>/<folder>/<path>` for one of many. */
export interface UploadKey {
  readonly project?: string;
  /** Of the file: in the folder where there is one; else what its uploader called it. */
  readonly path: string;
  readonly folder?: string;
  readonly valid: boolean;
}

export function readUploadKey(key: string): UploadKey {
  const [project = '', ...names] = key.slice(incomingPrefix.length).split('/');
  const hasProject = key.startsWith(incomingPrefix) && projectPattern.test(project);
  const [first = '', ...rest] = names;
  return {
    ...(hasProject ? { project } : {}),
    ...(rest.length > 0 ? { folder: first } : {}),
    path: rest.length > 0 ? rest.join('/') : uploadedName(first),
    valid: hasProject && names.length > 0 && first !== '' && names.at(-1) !== '',
  };
}

export const folderPrefix = (project: string, folder: string): string =>
  `${incomingPrefix}${project}/${folder}/`;

/** Whether a path in a folder is that of a marker that completes it. */
export const isMarker = (path: string): boolean => (completionMarkers as readonly string[]).includes(path);
