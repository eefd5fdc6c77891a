import { getBytes, putObject, removeObjectsUnder } from '#shared/aws/objects.ts';
import { formatS3Uri } from '#shared/kernel/s3-uri.ts';
import type { TraceObjects } from '../ports/traces.ts';

/** Objects of traces in the bucket of models, beside the artifacts of runs. */
export function createTraceObjects(bucket: string): TraceObjects {
  return {
    async put(key, content) {
      await putObject({ bucket, key }, content, 'application/octet-stream');
    },
    get: (key) => getBytes(formatS3Uri({ bucket, key })),
    removeUnder: (prefix) => removeObjectsUnder(bucket, prefix),
  };
}
