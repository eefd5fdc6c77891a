import { ProjectApplied } from '#events/projects.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { ProjectDefinition, ProjectRevision } from '../contract.ts';
import type { ProjectStore } from '../ports.ts';

export interface ApplyProjectDeps {
  readonly store: ProjectStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/**
 * Makes a checked definition the project's newest revision and tells of it. A definition that says the same as the newest
 * one makes none. Throws ProjectChanged (conflict) when somebody else applied at the same time.
 */
export async function applyProject(
  { store, clock, ids }: ApplyProjectDeps,
  input: { definition: ProjectDefinition; appliedBy: string },
): Promise<ProjectRevision & { changed: boolean }> {
  const { definition, appliedBy } = input;
  const project = definition.name;
  const definitionSha256 = digestOf(definition);
  const newest = await store.newest(project);
  if (newest?.definitionSha256 === definitionSha256) return { ...newest, changed: false };
  const appliedAt = clock.now();
  const revision: ProjectRevision = {
    project,
    revision: (newest?.revision ?? 0) + 1,
    definition,
    definitionSha256,
    appliedAt: appliedAt.toISOString(),
    appliedBy,
  };
  const metadata = startingJourney({
    eventId: ids.next(),
    occurredAt: appliedAt,
    project,
    actor: { type: 'user', id: appliedBy },
  });
  await store.append(
    revision,
    ProjectApplied.create(metadata, {
      project,
      revision: revision.revision,
      definitionSha256,
      owners: definition.owners,
    }),
  );
  return { ...revision, changed: true };
}
