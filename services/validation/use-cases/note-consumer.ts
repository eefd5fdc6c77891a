import type * as z from 'zod';
import type { ModelVersionRegistered } from '#events/registry.ts';
import type { Consumed, ConsumerStore } from '../ports.ts';

/** Remembers which columns a model version takes. */
export async function noteModelVersion(
  { consumers }: { readonly consumers: ConsumerStore },
  { project, model, modelVersion, signature }: z.output<typeof ModelVersionRegistered.data>,
  consumed: Consumed,
): Promise<void> {
  const features = signature.inputs.map(({ name }) => name);
  const { target } = signature;
  await consumers.saveVersion({ project, model, modelVersion, features, target }, consumed);
}

/** Remembers which version of a model gets all traffic since a time; none where it is undefined. */
export async function noteServing(
  { consumers }: { readonly consumers: ConsumerStore },
  serving: { project: string; model: string; modelVersion: number | undefined; at: string },
  consumed: Consumed,
): Promise<void> {
  const { modelVersion, ...of } = serving;
  await consumers.saveServing({ ...of, ...(modelVersion === undefined ? {} : { modelVersion }) }, consumed);
}
