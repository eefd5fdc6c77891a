import type * as z from 'zod';
import type { CapturesErased } from '#events/predictions.ts';
import { rewrittenCaptures } from '#services/predictions/contract.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { CaptureFiles, FeatureErasureStore } from '../ports.ts';
import { type CompleteErasureDeps, completeErasure } from './complete-erasure.ts';

export interface NoteCapturesErasedDeps extends CompleteErasureDeps {
  readonly erasures: FeatureErasureStore;
  readonly captureFiles: Pick<CaptureFiles, 'replace'>;
}

/** Predictions are done with an erasure: their files have other content, and the erasure ends where this service is done too. */
export async function noteCapturesErased(
  deps: NoteCapturesErasedDeps,
  {
    data,
    metadata,
  }: { readonly data: z.output<typeof CapturesErased.data>; readonly metadata: EventMetadata },
): Promise<void> {
  const { project, erasureId, predictionsErased, filesRewritten, rewritten } = data;
  const { files } = rewrittenCaptures.parse(await deps.documents.read(rewritten));
  for (const file of files) await deps.captureFiles.replace({ project, ...file });
  const erasure = await deps.erasures.find(project, erasureId);
  if (erasure?.status !== 'running') return;
  await deps.erasures.note(project, erasureId, { captures: { predictionsErased, filesRewritten } });
  await completeErasure(deps, { project, erasureId, metadata });
}
