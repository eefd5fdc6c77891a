import { startingJourney } from '#shared/contracts/event.ts';
import type { DeclaredViews, Materializer, ViewKey } from '../ports.ts';
import type { MaterializerDeps } from './begin-materialization.ts';
import { endLapsed } from './end-materialization.ts';
import { setEvery } from './note-defined-views.ts';
import { requestMaterialization } from './request-materialization.ts';

/** Schedules call some seconds early or late: what is due within this is due now. */
const toleranceSeconds = 60;

/**
 * Every quarter of an hour: ends what never ended itself, and asks for what is due: views that are written so often, rows that became visible, and
 * what failed. Throws the first failure after all were looked at.
 */
export async function lookAtMaterializers(
  deps: MaterializerDeps & { readonly declared: DeclaredViews },
): Promise<void> {
  const until = new Date(deps.clock.now().getTime() + toleranceSeconds * 1000).toISOString();
  const failures: unknown[] = [];
  for await (const materializer of deps.store.due(until)) {
    try {
      await lookAt(deps, materializer);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function lookAt(
  deps: MaterializerDeps & { readonly declared: DeclaredViews },
  materializer: Materializer,
): Promise<void> {
  const { project, view, version, failed, running } = materializer;
  const key: ViewKey = { project, view, version };
  if (running) return endLapsed(deps, key);
  const settings = await deps.declared.settings(project, view);
  await setEvery(deps, key, settings ?? { online: false, materialization: { onNewData: false } });
  if (!settings?.online) return;
  const actor = { type: 'service', id: 'feature-store' } as const;
  await requestMaterialization(deps, key, {
    mode: failed?.mode ?? 'incremental',
    occasion: failed?.occasion ?? 'schedule',
    requestedBy: actor.id,
    metadata: startingJourney({
      eventId: deps.ids.next(),
      occurredAt: deps.clock.now(),
      project,
      actor,
    }),
  });
}
