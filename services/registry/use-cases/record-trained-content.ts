import type * as z from 'zod';
import type { ModelVersionRegistered } from '#events/registry.ts';
import type { Consumed } from '../ports/content.ts';
import { lookAt, type RecordContentDeps } from './record-content.ts';

/** Records the files that clients load of a version that a training registered; versions of earlier releases have none. */
export async function recordTrainedContent(
  deps: RecordContentDeps,
  { project, model, modelVersion, source }: z.output<typeof ModelVersionRegistered.data>,
  consumed: Consumed,
): Promise<void> {
  const registered = source && (await deps.models.find(model));
  if (!registered) return;
  const found = await lookAt(deps, project, source);
  await deps.contents.saveContent(
    {
      project,
      modelId: registered.modelId,
      modelVersion,
      source,
      ...found,
      recordedAt: deps.clock.now().toISOString(),
    },
    [],
    consumed,
  );
}
