import { ModelVersionRegisteredV2 } from '#events/registry.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { starterEnvironment } from '../env.ts';
import { createProjects } from '../store/projects.ts';
import { createReleaseStarter } from '../store/release-starter.ts';
import { beginClientRelease } from '../use-cases/begin-client-release.ts';

const environment = readEnvironment(starterEnvironment);
const deps = {
  projects: createProjects(environment.MILLRACE_STAGE),
  starter: createReleaseStarter(environment.RELEASE_MACHINE_ARN),
};

/** A client registered a version. */
export const handler = eventHandler(ModelVersionRegisteredV2, ({ detail: { metadata, data } }) =>
  beginClientRelease(deps, data, metadata),
);
