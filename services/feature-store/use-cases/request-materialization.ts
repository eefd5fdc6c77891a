import { AppError } from '#shared/kernel/errors.ts';
import { isRunning, postponed } from '../domain/materializer.ts';
import type { MaterializationRequest, MaterializationRun, ViewKey } from '../ports.ts';
import { againWhenChanged, beginRun, type MaterializerDeps } from './begin-materialization.ts';
import { endLapsed } from './end-materialization.ts';

/** Who asked by a fact: asked twice, it changes nothing. */
type Consumed = { readonly consumer: string; readonly eventId: string };

/**
 * Begins a materialization of all that is known now. While one of the same version runs, a request by hand is refused (MaterializationRunning,
 * conflict), one by schedule is dropped, and any other is remembered and begins when that one has ended. Throws AlreadyConsumed.
 */
export function requestMaterialization(
  deps: MaterializerDeps,
  key: ViewKey,
  request: MaterializationRequest,
  consumed?: Consumed,
): Promise<MaterializationRun | undefined> {
  return againWhenChanged(async () => {
    await endLapsed(deps, key);
    const { materializer, revision } = await deps.store.materializer(key);
    const inbox = consumed ? { consumed } : {};
    if (!isRunning(materializer, deps.clock.now())) {
      const beginning = beginRun(deps, materializer, request);
      await deps.store.save({ ...beginning, revision, ...inbox });
      return beginning.runs[0];
    }
    if (request.occasion === 'manual') throw running(key, materializer.running!.materializationId);
    if (request.occasion !== 'schedule')
      await deps.store.save({
        materializer: postponed(materializer, request),
        revision,
        runs: [],
        events: [],
        ...inbox,
      });
    return undefined;
  });
}

export const running = ({ project, view, version }: ViewKey, materializationId: string): AppError =>
  new AppError(
    'conflict',
    'MaterializationRunning',
    `Materialization ${materializationId} of version ${version} of view '${view}' of '${project}' runs. Wait until it has ended: millrace features materializations ${project} ${view}`,
  );
