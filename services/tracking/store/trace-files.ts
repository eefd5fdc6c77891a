import { getBytes, putObject } from '#shared/aws/objects.ts';
import { formatS3Uri } from '#shared/kernel/s3-uri.ts';
import type { TraceFiles } from '../ports/traces.ts';
import { artifactPrefix } from './artifact-store.ts';
import { objectErasure } from './object-erasure.ts';

/** S3 takes so many at once. */
const mostAtOnce = 1000;

/** Files of traces lie with the artifacts of their experiment. */
export function createTraceFiles(bucket: string): TraceFiles {
  const at = (path: string) => ({ bucket, key: `${artifactPrefix}${path}` });
  return {
    async put(path, content) {
      await putObject(at(path), content, 'application/octet-stream');
    },
    read: (path) => getBytes(formatS3Uri(at(path))),
    async removeUnder(prefix) {
      const erasure = objectErasure(bucket, at(prefix).key);
      while ((await erasure.erase(mostAtOnce)) > 0);
    },
  };
}
