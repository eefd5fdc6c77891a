import type { Clock } from '#shared/kernel/clock.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { ErasureStore, ObjectVersions } from '../ports/versions.ts';
import { requestedEvent } from './request-erasure.ts';

export interface TendErasuresDeps {
  readonly erasures: ErasureStore;
  readonly objects: ObjectVersions;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** Longer than all tries of the function that erases take. */
const abandonedMs = 3_600_000;
/** How long consumers may ask for the keys of what was erased. */
const keysMs = 7 * 86_400_000;

/** Has an abandoned erasure gone on with, and deletes keys that nobody needs any more. */
export async function tendErasures(deps: TendErasuresDeps, project: string): Promise<void> {
  const now = deps.clock.now();
  await resumeAbandoned(deps, project, now);
  let pageToken: string | undefined;
  do {
    const page = await deps.erasures.page(project, pageToken);
    for (const { erasureId, keysDocument, completedAt } of page.items) {
      if (!keysDocument || !completedAt || now.getTime() - Date.parse(completedAt) < keysMs) continue;
      await deps.objects.remove(await deps.objects.list([keysDocument.uri]));
      await deps.erasures.forgetKeys(project, erasureId);
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

async function resumeAbandoned(
  { erasures, ids }: TendErasuresDeps,
  project: string,
  now: Date,
): Promise<void> {
  const running = await erasures.running(project);
  if (!running || now.getTime() - Date.parse(running.since) < abandonedMs) return;
  const erasure = await erasures.find(project, running.erasureId);
  if (!erasure) return;
  const event = requestedEvent(project, erasure, { now, by: erasure.requestedBy, eventId: ids.next() });
  await erasures.resume(project, running.erasureId, now.toISOString(), event);
}
