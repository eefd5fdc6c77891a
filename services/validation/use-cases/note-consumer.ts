import type * as z from 'zod';
import type { DeploymentCompleted, DeploymentRolledBack, EndpointRetired } from '#events/deployment.ts';
import type { ModelVersionRegistered } from '#events/registry.ts';
import type { ConsumerStore, Consumed } from '../ports.ts';

type Registered = z.output<typeof ModelVersionRegistered.data>;
type Deployment =
  | z.output<typeof DeploymentCompleted.data>
  | z.output<typeof DeploymentRolledBack.data>
  | z.output<typeof EndpointRetired.data>;

/** Remembers which columns a model version takes. */
export async function noteModelVersion(
  { consumers }: { readonly consumers: ConsumerStore },
  { project, model, modelVersion, signature }: Registered,
  consumed: Consumed,
): Promise<void> {
  const features = signature.inputs.map(({ name }) => name);
  await consumers.save({ project, model, modelVersion, features, target: signature.target, serving: false }, consumed);
}

/** Remembers which version of a model gets traffic: `serving` alone does; undefined: none of those named. */
export async function noteServing(
  { consumers }: { readonly consumers: ConsumerStore },
  { project, model, modelVersion }: Deployment,
  serving: number | undefined,
  consumed: Consumed,
): Promise<void> {
  const known = (await consumers.list(project)).filter((version) => version.model === model);
  for (const version of known) {
    const serves = version.modelVersion === serving;
    const isConcerned = serving !== undefined || version.modelVersion === modelVersion;
    if (!isConcerned || version.serving === serves) continue;
    const eventId = `${consumed.eventId}#${version.modelVersion}`;
    await consumers.save({ ...version, serving: serves }, { ...consumed, eventId });
  }
}
