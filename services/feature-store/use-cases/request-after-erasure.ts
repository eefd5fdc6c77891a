import type * as z from 'zod';
import type { FeatureErasureCompleted } from '#events/feature-store.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import { relationOf } from '../domain/entity-views.ts';
import type { DeclaredViews, EntityViews, FeatureErasureStore } from '../ports.ts';
import type { MaterializerDeps } from './begin-materialization.ts';
import { requestOnce } from './request-after-validation.ts';

export interface AfterErasureDeps extends MaterializerDeps {
  readonly erasures: Pick<FeatureErasureStore, 'find'>;
  readonly views: EntityViews;
  readonly declared: Pick<DeclaredViews, 'settings'>;
}

/**
 * Views of the erased entities are written online again, of the rows that are left: what was planned before the erasure may have brought
 * some back, and windows over captures counted predictions that are gone. Versions that never were online stay so.
 */
export async function requestAfterErasure(
  deps: AfterErasureDeps,
  { metadata, data }: { metadata: EventMetadata; data: z.output<typeof FeatureErasureCompleted.data> },
): Promise<void> {
  const { project, erasureId } = data;
  const erasure = await deps.erasures.find(project, erasureId);
  if (!erasure) return;
  for (const { view, version, source, joinKeys } of await deps.views.all(project)) {
    if (source.type === 'stream' || !relationOf({ joinKeys }, erasure.joinKeys)) continue;
    const key = { project, view, version };
    if (!(await deps.declared.settings(project, view))?.online) continue;
    if ((await deps.store.materializer(key)).materializer.lastRequestedAt === undefined) continue;
    await requestOnce(deps, key, metadata, 'erasure');
  }
}
