import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAll, keepFile, measureFile } from '#shared/aws/objects.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { threadsOf } from '#shared/kernel/work-size.ts';
import type { CheckPlan } from '../domain/check-plan.ts';
import { objectsOf } from '../domain/plan-objects.ts';
import { type KeepResult, runPlan } from '../engine/run-plan.ts';
import type { RowChecker } from '../ports.ts';
import { resultKey } from './documents.ts';

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
        const paths = await downloadAll(objectsOf(plan), objects);
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

function keepIn(bucket: string, { check: { project, datasetVersion } }: CheckPlan): KeepResult {
  return async (path, contentType) => {
    const file = await measureFile(path);
    const ending = contentType === 'application/json' ? 'json' : 'parquet';
    const key = resultKey(project, datasetVersion, file.sha256, ending);
    return keepFile({ bucket, key }, file, contentType);
  };
}
