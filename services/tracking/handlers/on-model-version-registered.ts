import { ModelVersionRegistered } from '#events/registry.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { sealSource } from '../use-cases/seal-source.ts';
import { sealingDeps } from './sealing.ts';

const deps = sealingDeps();

/** What clients load of a trained version takes no more writes either; versions of earlier releases have no such files. */
export const handler = eventHandler(ModelVersionRegistered, async ({ detail: { data } }) => {
  const { source } = data;
  if (source) await sealSource(deps, { ...data, source });
});
