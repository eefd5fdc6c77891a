import type * as z from 'zod';
import type { ModelVersionRegisteredV2 } from '#events/registry.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { Projects, ReleaseStarter } from '../ports.ts';

/**
 * Begins the release of a version that a client registered where its model is the model of a project: the one that has the
 * project's name. Other models are registered and served by nobody; a version that was copied from another server waits until somebody
 * asks for its release, for a copied history is not meant to be served.
 */
export async function beginClientRelease(
  {
    projects,
    starter,
  }: { projects: Pick<Projects, 'newestRevision'>; starter: Pick<ReleaseStarter, 'begin'> },
  version: z.output<typeof ModelVersionRegisteredV2.data>,
  metadata: EventMetadata,
): Promise<void> {
  if (version.model !== version.project || version.importedFrom) return;
  const projectRevision = await projects.newestRevision(version.project);
  if (projectRevision === undefined) return;
  await starter.begin(metadata, { ...version, projectRevision, requestedBy: version.createdBy });
}
