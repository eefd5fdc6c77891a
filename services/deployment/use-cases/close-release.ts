import { ReleaseRejected } from '#events/deployment.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ReleaseStore } from '../ports.ts';
import { factOf } from './facts.ts';
import { hasEnded, requireRelease } from './releases.ts';
import type { ReleaseStep } from './start-canary.ts';

/** Ends a release that does not deploy. An ended one stays as it ended. */
export async function closeRelease(
  deps: { store: ReleaseStore; clock: Clock },
  input: ReleaseStep & { step: 'gates' | 'approval' | 'deployment'; reason: string },
): Promise<void> {
  const release = await requireRelease(deps.store, input.project, input.releaseId);
  if (hasEnded(release)) return;
  const { project, releaseId, model, modelVersion } = release;
  await deps.store.commit({
    release: {
      ...release,
      status: 'rejected',
      closedAt: deps.clock.now().toISOString(),
      reason: input.reason,
    },
    releaseWas: release.status,
    lease: { project, giveBack: releaseId },
    events: [
      ReleaseRejected.create(factOf(input.metadata, deps.clock, releaseId, 'rejected'), {
        project,
        releaseId,
        model,
        modelVersion,
        step: input.step,
        reason: input.reason,
      }),
    ],
  });
}
