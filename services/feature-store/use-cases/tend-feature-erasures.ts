import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { Documents, FeatureErasureStore } from '../ports.ts';
import { erasureRequested } from './request-feature-erasure.ts';

export interface TendFeatureErasuresDeps {
  readonly erasures: FeatureErasureStore;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** Longer than all tries of the functions that erase take. */
const abandonedMs = 3_600_000;
/** So often it is asked to go on before it is given up, so that others can begin. */
const maxResumptions = 23;
/** As long as other erasures keep their keys. */
const keysMs = 7 * 86_400_000;

/** Has an abandoned erasure gone on with, or gives it up after a day, and deletes keys that nobody needs any more. */
export async function tendFeatureErasures(deps: TendFeatureErasuresDeps, project: string): Promise<void> {
  const now = deps.clock.now();
  await resumeAbandoned(deps, project, now);
  let pageToken: string | undefined;
  do {
    const page = await deps.erasures.page(project, pageToken);
    for (const { erasureId, keysDocument, completedAt } of page.items) {
      if (!keysDocument || !completedAt || now.getTime() - Date.parse(completedAt) < keysMs) continue;
      await deps.documents.remove(keysDocument);
      await deps.erasures.forgetKeys(project, erasureId);
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

async function resumeAbandoned(
  { erasures, ids }: TendFeatureErasuresDeps,
  project: string,
  now: Date,
): Promise<void> {
  const running = await erasures.running(project);
  if (!running || now.getTime() - Date.parse(running.since) < abandonedMs) return;
  const erasure = await erasures.find(project, running.erasureId);
  if (!erasure) return;
  try {
    if (running.resumptions >= maxResumptions) {
      const waitsFor = erasure.own ? 'predictions' : 'feature-store';
      const failure = `It did not end within a day and was given up so that others can begin; ${waitsFor} did not get done with it. Mend the cause (look among the dead letters of ${waitsFor}) and ask for it again: what is erased already stays erased.`;
      return await erasures.close(
        { ...erasure, status: 'failed', failure, completedAt: now.toISOString() },
        [],
      );
    }
    const resumed = { ...running, since: now.toISOString(), resumptions: running.resumptions + 1 };
    await erasures.resume(project, resumed, running, erasureRequested(erasure, { now, eventId: ids.next() }));
  } catch (error) {
    // It ended, or another round was quicker.
    if (!(error instanceof AppError) || error.code !== 'FeatureErasureChanged') throw error;
  }
}
