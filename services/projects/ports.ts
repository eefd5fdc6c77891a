import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { ProjectRevision } from './contract.ts';

/** The fact that a change comes of; a second delivery changes nothing. */
export interface Consumed {
  readonly consumer: string;
  readonly eventId: string;
}

export interface ProjectStore {
  newest(project: string): Promise<ProjectRevision | undefined>;
  revision(project: string, revision: number): Promise<ProjectRevision | undefined>;
  /** By name. */
  list(page: { limit: number; pageToken?: string | undefined }): Promise<Page<ProjectRevision>>;
  /**
   * Saves the revision after the newest one, with its event. Throws ProjectChanged (conflict) when another was saved meanwhile, and
   * AlreadyConsumed (already_exists) where the consumed fact was before.
   */
  append(revision: ProjectRevision, event: DomainEvent, consumed?: Consumed): Promise<void>;
}
