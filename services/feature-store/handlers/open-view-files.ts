import { getValidation } from '#services/validation/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import type { Table } from '#shared/aws/table.ts';
import type { ViewFiles } from '../ports.ts';
import { createCaptureFiles } from '../store/capture-files.ts';
import { createFeatureErasureStore } from '../store/feature-erasure-store.ts';
import { createRecordFiles } from '../store/record-files.ts';
import { createViewFiles } from '../store/view-files.ts';

/** Where the rows of views are: validation is asked for datasets, this service's table for streams and captured predictions. */
export function openViewFiles(stage: string, table: Table): ViewFiles {
  const erasures = createFeatureErasureStore(table);
  return createViewFiles({
    newestValidation: (dataset) => ask(stage, getValidation, { project: dataset }),
    records: createRecordFiles(table),
    captures: createCaptureFiles(table),
    erasures: async (project) =>
      (await erasures.since(project, new Date(0).toISOString())).map(
        ({ erasureId, joinKeys, keyDigests, requestedAt }) => ({
          erasureId,
          joinKeys,
          keyDigests,
          requestedAt,
        }),
      ),
  });
}
