import { objectVersions } from '#shared/aws/object-versions.ts';
import { getText, putJson } from '#shared/aws/objects.ts';
import type { Documents } from '../ports/skew.ts';

/** JSON documents below `feature-store/<project>/` of the data bucket; reads those of others by their claim checks too. */
export const createDocuments = (dataBucket: string): Documents => ({
  write: (project, path, document) =>
    putJson({ bucket: dataBucket, key: `feature-store/${project}/${path}` }, document),
  read: async (object) => JSON.parse(await getText(object)) as unknown,
  remove: async ({ uri }) => objectVersions.remove(await objectVersions.list([uri])),
});
