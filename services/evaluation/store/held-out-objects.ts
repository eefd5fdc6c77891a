import { getText, putJson } from '#shared/aws/objects.ts';
import type { HeldOutObjects } from '../ports.ts';

/** Held-out parts are read wherever they lie; reports go to `evaluations/<project>/<training or release>.json` of the data bucket. */
export function createHeldOutObjects(dataBucket: string): HeldOutObjects {
  return {
    readText: (object) => getText(object),
    writeReport: (project, of, report) =>
      putJson({ bucket: dataBucket, key: `evaluations/${project}/${of}.json` }, report),
  };
}
