import { FeatureErasureRequested } from '#events/feature-store.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { captureEnvironment } from '../env.ts';
import { eraseCaptures } from '../use-cases/erase-captures.ts';
import { openErasing } from './composition.ts';

const deps = { ...openErasing(readEnvironment(captureEnvironment)), clock: systemClock };

export const handler = eventHandler(FeatureErasureRequested, ({ detail: { metadata, data } }) => {
  const { project, erasureId, joinKeys, keyDigests, requestedAt } = data;
  return eraseCaptures(deps, {
    project,
    entities: { erasureId, joinKeys, keyDigests, requestedAt },
    metadata,
  });
});
