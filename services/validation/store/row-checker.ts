import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadTo, keepFile, measureFile } from '#shared/aws/objects.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import type { CheckPlan } from '../domain/check-plan.ts';
import { objectsOf } from '../domain/plan-objects.ts';
import { type KeepResult, runPlan } from '../engine/run-plan.ts';
import type { RowChecker } from '../ports.ts';
import { resultKey } from './documents.ts';

const downloadsAtOnce = 4;

export interface RowCheckerSettings {
  readonly dataBucket: string;
  readonly functionName: string;
  readonly memoryMb: number;
}

/** Checks rows in this function: what a plan names comes to local disk first. */
export function createRowChecker({ dataBucket, functionName, memoryMb }: RowCheckerSettings): RowChecker {
  return {
    check: (plan) =>
      withScratchFolder(async (scratch) => {
        const startedMs = performance.now();
        const [objects, folder] = [join(scratch, 'objects'), join(scratch, 'work')];
        await Promise.all([mkdir(objects), mkdir(folder)]);
        const paths = await download(objectsOf(plan), objects);
        const place = {
          pathOf: (uri: string) => paths.get(uri)!,
          folder,
          memoryMb,
          threads: threadsOf(memoryMb),
        };
        const result = await runPlan(plan, place, keepIn(dataBucket, plan));
        const seconds = Math.round(performance.now() - startedMs) / 1000;
        return { result, engine: { kind: 'function', name: functionName, memoryMb, seconds } };
      }),
  };
}

/** Lambda gives one processor per 1,769 MB. */
const threadsOf = (memoryMb: number): number => Math.max(1, Math.round(memoryMb / 1769));

function keepIn(bucket: string, { check: { project, datasetVersion } }: CheckPlan): KeepResult {
  return async (path, contentType) => {
    const file = await measureFile(path);
    const ending = contentType === 'application/json' ? 'json' : 'parquet';
    const key = resultKey(project, datasetVersion, file.sha256, ending);
    return keepFile({ bucket, key }, file, contentType);
  };
}

/** Local paths by uri. */
async function download(objects: readonly StoredObject[], folder: string): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (let from = 0; from < objects.length; from += downloadsAtOnce) {
    const batch = objects.slice(from, from + downloadsAtOnce).map(async (object, index) => {
      const path = join(folder, `object-${from + index}`);
      await downloadTo(object, path);
      paths.set(object.uri, path);
    });
    await Promise.all(batch);
  }
  return paths;
}
