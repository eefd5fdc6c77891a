import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { downloadAll, downloadTo, keepFile, measureFile } from '#shared/aws/objects.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { objectsOfPlan, type RetrievalOutcome, type RetrievalPlan } from '../domain/retrieval-plan.ts';
import { runRetrievalPlan } from '../engine/run-retrieval-plan.ts';
import type { Retriever } from '../ports.ts';
import { retrievalFolder } from './retrieval-documents.ts';

/** Retrieves in this function: what a plan names comes to local disk first. */
export function createRetriever({
  dataBucket,
  memoryMb,
}: {
  readonly dataBucket: string;
  readonly memoryMb: number;
}): Retriever {
  return {
    retrieve: (plan) =>
      withScratchFolder(async (scratch): Promise<RetrievalOutcome> => {
        const [objects, folder] = [join(scratch, 'objects'), join(scratch, 'work')];
        await Promise.all([mkdir(objects), mkdir(folder)]);
        const paths = await fetchObjects(plan, objects);
        if (typeof paths === 'string') return { kind: 'changed', failure: paths };
        return runRetrievalPlan(plan, {
          pathOf: (uri) => paths.get(uri)!,
          folder,
          memoryMb,
          keep: async (path) => {
            const file = await measureFile(path);
            const name = `${file.sha256}-${basename(path)}`;
            const key = `${retrievalFolder(plan.project, plan.retrievalId)}${name}`;
            return keepFile({ bucket: dataBucket, key }, file, contentTypes[plan.format]);
          },
        });
      }),
  };
}

const contentTypes = { parquet: 'application/vnd.apache.parquet', csv: 'text/csv; charset=utf-8' } as const;

/** Paths by uri; or what is not there any more, or is another. */
async function fetchObjects(
  plan: RetrievalPlan,
  folder: string,
): Promise<ReadonlyMap<string, string> | string> {
  try {
    const paths = new Map(await downloadAll(objectsOfPlan(plan), folder));
    if (plan.entityRows.type === 'file') {
      const path = join(folder, 'entities');
      await downloadTo(plan.entityRows.uri, path);
      paths.set(plan.entityRows.uri, path);
    }
    return paths;
  } catch (error) {
    const isChanged =
      error instanceof AppError && (error.code === 'ObjectGone' || error.code === 'ContentChanged');
    if (!isChanged) throw error;
    return error.message;
  }
}
