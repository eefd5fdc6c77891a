import type { Table } from '#shared/aws/table.ts';
import type { Erasure, Erasures } from '../ports/erasure.ts';
import { partitionErasure } from './item-erasure.ts';
import { datasetsPartition, metricsPartition } from './keys.ts';
import { datasetsPrefix } from './large-texts.ts';
import { createLoggedModelStore, loggedModelKey } from './logged-model-store.ts';
import { objectErasure } from './object-erasure.ts';
import { scorersPartition } from './scorer-store.ts';

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
  ],
});

/** The index follows the table: what it still has of a moment ago is deleted again. */
const loggedModelErasure = (table: Table, experimentId: string): Erasure => ({
  async erase(most) {
    const models = await createLoggedModelStore(table).ofExperiments([experimentId]);
    const erased = models.slice(0, most);
    await table.deleteAll(erased.map(({ modelId }) => loggedModelKey(modelId)));
    return erased.length;
  },
});
