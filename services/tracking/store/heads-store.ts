import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import type { Heads } from '../ports/heads.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** Reads heads from the items of experiments and runs. */
export function createHeads(stored: Table): Heads {
  const table = versionedTable(stored, itemKinds);
  const experiment: Heads['experiment'] = async (experimentId) => {
    const item = await table.get<StoredItems['experiment']>({
      pk: `EXPERIMENT#${experimentId}`,
      sk: 'EXPERIMENT',
    });
    if (!item) return undefined;
    const { name, project, lifecycleStage } = item;
    return {
      experimentId,
      name,
      project,
      lifecycleStage,
      artifactLocation: `mlflow-artifacts:/${experimentId}`,
    };
  };
  return {
    experiment,
    async run(runId) {
      const item = await table.get<StoredItems['run']>({ pk: `RUN#${runId}`, sk: 'RUN' });
      if (!item) return undefined;
      const { experimentId, project } = item.run;
      const owner = await experiment(experimentId);
      return {
        runId,
        experimentId,
        project,
        artifactUri: `${owner?.artifactLocation}/${runId}/artifacts`,
        lifecycleStage: owner?.lifecycleStage ?? 'active',
      };
    },
  };
}
