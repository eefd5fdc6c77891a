import { FeaturesDefined } from '#events/feature-store.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { builderEnvironment } from '../env.ts';
import { fillDefinedVersions } from '../use-cases/fill-stream-versions.ts';
import { streamFillDeps } from './stream-fills.ts';

const deps = streamFillDeps(readEnvironment(builderEnvironment));

/** Fills new versions of stream views with the records from before them. */
export const handler = eventHandler(FeaturesDefined, async ({ detail: { data } }) => {
  const versions = await fillDefinedVersions(deps, data);
  if (versions > 0) logger.info('New versions of streams were filled with earlier records.', { versions });
});
