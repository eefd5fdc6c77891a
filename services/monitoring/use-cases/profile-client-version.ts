import type { Consumed, TrainingSets } from '../ports.ts';
import { type ProfileReferenceDeps, profileReference } from './profile-reference.ts';

/**
 * Makes the reference of a version that a client registered for a project: the features of the training set that was built last, for
 * nobody knows what the client trained on, and no predictions. Without a training set there is no reference, and such a version is
 * not released either.
 */
export async function profileClientVersion(
  deps: ProfileReferenceDeps & { readonly trainingSets: TrainingSets },
  { project, model, modelVersion }: { project: string; model: string; modelVersion: number },
  consumed: Consumed,
): Promise<void> {
  if (model !== project) return;
  const trainingSet = await deps.trainingSets.newest(project);
  if (!trainingSet) return;
  const { signature, trainFeatures } = trainingSet;
  await profileReference(
    deps,
    { project, modelVersion, signature, reference: { features: trainFeatures } },
    consumed,
  );
}
