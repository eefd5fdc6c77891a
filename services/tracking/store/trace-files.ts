import type { TraceFiles } from '../ports/traces.ts';
import { artifactPrefix, createArtifactStore } from './artifact-store.ts';
import { objectErasure } from './object-erasure.ts';

/** S3 takes so many at once. */
const mostAtOnce = 1000;

/** Files of traces lie with the artifacts of their experiment. */
export function createTraceFiles(bucket: string): TraceFiles {
  const { put, read } = createArtifactStore(bucket);
  return {
    put,
    read,
    async removeUnder(prefix) {
      const erasure = objectErasure(bucket, `${artifactPrefix}${prefix}`);
      while ((await erasure.erase(mostAtOnce)) > 0);
    },
  };
}
