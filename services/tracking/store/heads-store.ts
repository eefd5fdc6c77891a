import type { Table } from '#shared/aws/table.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import type { Heads } from '../ports/heads.ts';
import { createExperimentStore } from './experiment-store.ts';
import { createRunStore } from './run-store.ts';

/** Reads heads from the items of experiments and runs. */
export function createHeads(stored: Table): Heads {
  const experiments = createExperimentStore(stored);
  const runs = createRunStore(stored, ulidGenerator);
  return {
    experiment: async (experimentId) => (await experiments.read(experimentId))?.experiment,
    async run(runId) {
      const found = await runs.readWithExperiment(runId);
      if (!found) return undefined;
      const { run } = found.state;
      const { experimentId, project, artifactUri } = run;
      const isDeleted = found.experiment.lifecycleStage === 'deleted' || run.lifecycleStage === 'deleted';
      return { runId, experimentId, project, artifactUri, lifecycleStage: isDeleted ? 'deleted' : 'active' };
    },
  };
}
