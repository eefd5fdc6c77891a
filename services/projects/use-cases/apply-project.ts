import { contractOf, type DataContract, type ProjectDefinition } from '../contract.ts';
import { readDatasets } from './foreign-datasets.ts';
import { type Applied, type ApplyDeps, journeyOf, saveRevision } from './save-revision.ts';

/**
 * Makes what `read` gives the project's newest revision and tells of it. `read` gets the contract that the project has: a file without
 * columns keeps it. Throws what `read` and `mayRead` throw, DataSourceNotFound, and ProjectChanged (conflict) when somebody else applied at the same time.
 */
export async function applyProject(
  deps: ApplyDeps,
  input: {
    readonly project: string;
    /** Other projects whose datasets features come from; `mayRead` throws where the caller may not see one. */
    readonly datasets?: { readonly names: readonly string[]; readonly mayRead: (project: string) => void };
    readonly read: (
      kept: DataContract | undefined,
      datasets: ReadonlyMap<string, ProjectDefinition['data']>,
    ) => ProjectDefinition;
    readonly appliedBy: string;
  },
): Promise<Applied> {
  const { project, datasets, read, appliedBy } = input;
  const [newest, data] = await Promise.all([
    deps.store.newest(project),
    datasets ? readDatasets(deps.store, datasets.names, datasets.mayRead) : new Map(),
  ]);
  return saveRevision(deps, {
    definition: read(newest && contractOf(newest.definition), data),
    newest,
    appliedBy,
    metadata: journeyOf(deps.ids, project, appliedBy),
  });
}
