import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import type { DatasetSummary } from '../domain/dataset.ts';
import { assertExperimentId, invalidParameterValue } from '../domain/limits.ts';
import type { DatasetStore } from '../ports/dataset-store.ts';
import type { CoreDeps } from './deps.ts';

const maxExperiments = 20;
const maxSummaries = 1000;

/** Datasets of experiments that the caller may see; others are passed over. Throws InvalidParameter. */
export async function searchDatasets(
  { experiments, datasets }: Pick<CoreDeps, 'experiments'> & { readonly datasets: DatasetStore },
  caller: Caller,
  experimentIds: readonly string[],
): Promise<readonly DatasetSummary[]> {
  if (experimentIds.length === 0)
    throw invalidParameterValue('SearchDatasets request must specify at least one experiment_id.');
  if (experimentIds.length > maxExperiments)
    throw invalidParameterValue(
      `SearchDatasets request cannot specify more than ${maxExperiments} experiment_ids. Received ${experimentIds.length} experiment_ids.`,
    );
  for (const id of experimentIds) assertExperimentId(id);
  const found = await experiments.readAll([...new Set(experimentIds)]);
  const visible = found.filter(({ project }) => hasRole(caller, 'viewer', project));
  const summaries = await Promise.all(
    visible.map(({ experimentId }) => datasets.summaries(experimentId, maxSummaries)),
  );
  return summaries.flat().slice(0, maxSummaries);
}
