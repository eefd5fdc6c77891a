import { startingJourney } from '#shared/contracts/event.ts';
import type { DataContract, ProjectDefinition } from '../contract.ts';
import { contractOf } from '../domain/contract-rules.ts';
import { type Applied, type ApplyDeps, saveRevision } from './save-revision.ts';

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
    metadata: (occurredAt) =>
      startingJourney({
        eventId: deps.ids.next(),
        occurredAt,
        project,
        actor: { type: 'user', id: appliedBy },
      }),
  });
}
