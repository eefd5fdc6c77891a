import { getText, putJson } from '#shared/aws/objects.ts';
import type { Documents } from '../ports/versions.ts';

/** JSON documents below `datasets/<project>/` of the data bucket. */
export const createDocuments = (dataBucket: string): Documents => ({
  write: (project, path, document) =>
    putJson({ bucket: dataBucket, key: `datasets/${project}/${path}` }, document),
  read: async (object) => JSON.parse(await getText(object)) as unknown,
});
