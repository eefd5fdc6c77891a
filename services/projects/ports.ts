import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { ProjectRevision } from './contract.ts';

export interface ProjectStore {
  newest(project: string): Promise<ProjectRevision | undefined>;
  revision(project: string, revision: number): Promise<ProjectRevision | undefined>;
  /** By name. */
  list(page: { limit: number; pageToken?: string | undefined }): Promise<Page<ProjectRevision>>;
  /** Saves the revision after the newest one, with its event. Throws ProjectChanged (conflict) when another was saved meanwhile. */
  append(revision: ProjectRevision, event: DomainEvent): Promise<void>;
}
