import { ModelVersionRegistered } from '#events/registry.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { starterEnvironment } from '../env.ts';
import { createReleaseStarter } from '../store/release-starter.ts';

const starter = createReleaseStarter(readEnvironment(starterEnvironment).RELEASE_MACHINE_ARN);

/** A training registered a version: its release begins. */
export const handler = eventHandler(ModelVersionRegistered, ({ detail: { metadata, data } }) =>
  starter.begin(metadata, data),
);
