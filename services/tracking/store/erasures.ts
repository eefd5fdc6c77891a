import type { Table } from '#shared/aws/table.ts';
import type { Erasures } from '../ports/erasure.ts';
import { partitionErasure } from './item-erasure.ts';
import { datasetsPartition, metricsPartition } from './keys.ts';
import { datasetsPrefix } from './large-texts.ts';
import { loggedModelErasure } from './logged-model-store.ts';
import { objectErasure } from './object-erasure.ts';
import { scorersPartition } from './scorer-store.ts';
import { traceErasure } from './trace-erasure.ts';

/** Everything of a run or an experiment that lies beside its item, artifacts included. */
export const createErasures = (table: Table, modelsBucket: string): Erasures => ({
  ofRun: ({ runId, experimentId }) => [
    objectErasure(modelsBucket, `mlflow/${experimentId}/${runId}/`),
    partitionErasure(table, metricsPartition(runId)),
  ],
  ofExperiment: (experimentId) => [
    objectErasure(modelsBucket, `mlflow/${experimentId}/`),
    objectErasure(modelsBucket, `${datasetsPrefix}${experimentId}/`),
    partitionErasure(table, datasetsPartition(experimentId)),
    partitionErasure(table, scorersPartition(experimentId)),
    loggedModelErasure(table, experimentId),
    traceErasure(table, experimentId),
  ],
});
