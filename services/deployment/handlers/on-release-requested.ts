import { ReleaseRequested } from '#events/deployment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { stopperEnvironment } from '../env.ts';
import { createReleaseStarter } from '../store/release-starter.ts';
import { createVersions } from '../store/versions.ts';
import { beginRequestedRelease } from '../use-cases/begin-requested-release.ts';
import { openStore } from './composition.ts';

const { store, clock, environment } = openStore(stopperEnvironment);
const deps = {
  store,
  clock,
  versions: createVersions(environment.MILLRACE_STAGE),
  starter: createReleaseStarter(environment.RELEASE_MACHINE_ARN),
};

/** Somebody asked for the release of a version. */
export const handler = eventHandler(ReleaseRequested, ({ detail: { metadata, data } }) =>
  beginRequestedRelease(deps, data, metadata),
);
