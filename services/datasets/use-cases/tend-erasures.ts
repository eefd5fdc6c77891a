import type { ObjectVersions } from '#shared/contracts/object-versions.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { ErasureStore } from '../ports/versions.ts';
import { requestedEvent } from './request-erasure.ts';

export interface TendErasuresDeps {
  readonly erasures: ErasureStore;
  readonly objects: ObjectVersions;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** Longer than all tries of the function that erases take. */
const abandonedMs = 3_600_000;
/** So often it is asked to go on without coming further before it is given up, so that others can begin. */
const maxIdleResumptions = 2;
/** How long consumers may ask for the keys of what was erased. */
const keysMs = 7 * 86_400_000;

/** Has an abandoned erasure gone on with, or gives it up where that does not help, and deletes keys that nobody needs any more. */
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
  const { erasureId } = running;
  const since = now.toISOString();
  const done = await Promise.all([
    erasures.objects(project, erasureId),
    erasures.versions(project, erasureId),
  ]);
  const steps = done.flat().length;
  const idleResumptions = steps > (running.steps ?? 0) ? 0 : (running.idleResumptions ?? 0);
  if (idleResumptions >= maxIdleResumptions) {
    const failure = `It came no further for days, and was given up so that others can begin. ${running.lastError ? `The last error was ${running.lastError}` : 'Its function was stopped each time, by its time or its memory.'} Resume it when the cause is mended: millrace data erasures ${project} ${erasureId} --resume.`;
    const failed = { ...erasure, status: 'failed' as const, failure, completedAt: since };
    return erasures.close(project, failed, { events: [] });
  }
  const event = requestedEvent(project, erasure, { now, by: erasure.requestedBy, eventId: ids.next() });
  await erasures.resume(project, { erasureId, since, steps, idleResumptions: idleResumptions + 1 }, event);
}
