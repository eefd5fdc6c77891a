import { ModelVersionCreated } from '#events/registry.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { sealSource } from '../use-cases/seal-source.ts';
import { sealingDeps } from './sealing.ts';

const deps = sealingDeps();

/** What was registered never changes: the artifacts that a client's version was made from take no more writes. */
export const handler = eventHandler(ModelVersionCreated, async ({ detail: { data } }) => {
  await sealSource(deps, data);
});
