import { ProjectApplied } from '#events/projects.ts';
import { type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { ProjectDefinition, ProjectRevision } from '../contract.ts';
import type { Consumed, ProjectStore } from '../ports.ts';

export interface ApplyDeps {
  readonly store: ProjectStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export type Applied = ProjectRevision & { changed: boolean };

/** What a person applies begins a journey of its own. */
export const journeyOf =
  (ids: IdGenerator, project: string, appliedBy: string) =>
  (occurredAt: Date): EventMetadata =>
    startingJourney({ eventId: ids.next(), occurredAt, project, actor: { type: 'user', id: appliedBy } });

/**
 * Makes a checked definition the revision after `newest` and tells of it. A definition that says the same as the newest
 * one makes none. Throws ProjectChanged (conflict) when somebody else applied since `newest` was read.
 */
export async function saveRevision(
  { store, clock }: Pick<ApplyDeps, 'store' | 'clock'>,
  input: {
    readonly definition: ProjectDefinition;
    readonly newest: ProjectRevision | undefined;
    readonly appliedBy: string;
    readonly metadata: (occurredAt: Date) => EventMetadata;
    readonly consumed?: Consumed;
    /** Only tells whether there would be a revision. */
    readonly isDryRun?: boolean;
  },
): Promise<Applied> {
  const { definition, newest, appliedBy, consumed } = input;
  const definitionSha256 = digestOf(definition);
  if (newest?.definitionSha256 === definitionSha256) return { ...newest, changed: false };
  if (newest && input.isDryRun) return { ...newest, changed: true };
  const appliedAt = clock.now();
  const revision: ProjectRevision = {
    project: definition.name,
    revision: (newest?.revision ?? 0) + 1,
    definition,
    definitionSha256,
    appliedAt: appliedAt.toISOString(),
    appliedBy,
  };
  const applied = ProjectApplied.create(input.metadata(appliedAt), {
    project: revision.project,
    revision: revision.revision,
    definitionSha256,
    owners: definition.owners,
  });
  await store.append(revision, applied, consumed);
  return { ...revision, changed: true };
}
