import { contractOf, type DataContract, type ProjectDefinition } from '../contract.ts';
import { type Applied, type ApplyDeps, journeyOf, saveRevision } from './save-revision.ts';

/**
 * Makes what `read` gives the project's newest revision and tells of it. `read` gets the contract that the project has: a file without
 * columns keeps it. Throws what `read` throws, and ProjectChanged (conflict) when somebody else applied at the same time.
 */
export async function applyProject(
  deps: ApplyDeps,
  input: {
    readonly project: string;
    readonly read: (kept: DataContract | undefined) => ProjectDefinition;
    readonly appliedBy: string;
  },
): Promise<Applied> {
  const { project, read, appliedBy } = input;
  const newest = await deps.store.newest(project);
  return saveRevision(deps, {
    definition: read(newest && contractOf(newest.definition)),
    newest,
    appliedBy,
    metadata: journeyOf(deps.ids, project, appliedBy),
  });
}
