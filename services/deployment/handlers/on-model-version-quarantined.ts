import { ModelVersionQuarantined } from '#events/registry.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { stopperEnvironment } from '../env.ts';
import { createReleaseStarter } from '../store/release-starter.ts';
import { stopReleases } from '../use-cases/stop-releases.ts';
import { openStore } from './composition.ts';

const { store, environment } = openStore(stopperEnvironment);
const starter = createReleaseStarter(environment.RELEASE_MACHINE_ARN);

/** Bytes behind a version changed: it is not released any more. */
export const handler = eventHandler(ModelVersionQuarantined, ({ detail: { data } }) =>
  stopReleases({ store, starter }, data, `Version ${data.modelVersion} is in quarantine. ${data.reason}`),
);
