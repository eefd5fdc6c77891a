import type { ModelSignature } from '#events/registry.ts';
import type { ClientVersion, ReleaseEvaluation, ServedVersion } from '#services/deployment/contract.ts';
import { answersAlike } from '#services/registry/contract.ts';
import type { ReleaseStore, ServingFacts } from '../ports.ts';
import { type ServedVersionDeps, servedVersion } from './served-version.ts';

export interface PlanEvaluationDeps extends ServedVersionDeps {
  readonly store: ReleaseStore;
  readonly serving: ServingFacts;
}

/**
 * What a client's version is evaluated with: the held-out rows of the training set that was built last, and what serves now, on the same
 * rows. Undefined where there is none, or its columns are others or in another order than the model takes them.
 */
export async function planEvaluation(
  deps: PlanEvaluationDeps,
  { project, modelVersion }: ClientVersion,
  { artifact, trainingImage, signature }: ServedVersion,
  instanceType: string,
): Promise<ReleaseEvaluation | undefined> {
  const trainingSet = await deps.serving.newestTrainingSet(project);
  if (!trainingSet || !answersAlike(signature, trainingSet.signature)) return undefined;
  const champion = await championFor(deps, project, modelVersion, trainingSet.signature);
  return {
    trainingSetId: trainingSet.trainingSetId,
    datasetVersion: trainingSet.datasetVersion,
    signature: trainingSet.signature,
    features: trainingSet.testFeatures,
    labels: trainingSet.testLabels,
    instanceType,
    candidates: [
      { candidate: 'challenger', artifact, trainingImage },
      ...(champion
        ? [
            {
              candidate: 'champion' as const,
              artifact: champion.artifact,
              trainingImage: champion.trainingImage,
            },
          ]
        : []),
    ],
    ...(champion ? { championVersion: champion.modelVersion } : {}),
  };
}

/** What serves now, where it can be compared. */
async function championFor(
  deps: PlanEvaluationDeps,
  project: string,
  modelVersion: number,
  signature: ModelSignature,
): Promise<(ServedVersion & { readonly modelVersion: number }) | undefined> {
  const serving = await servingVersion(deps, project);
  if (serving === undefined || serving === modelVersion) return undefined;
  const served = await servedVersion(deps, project, serving);
  return served && answersAlike(served.signature, signature)
    ? { ...served, modelVersion: serving }
    : undefined;
}

/** The version that most of the traffic goes to. */
export async function servingVersion(
  { store }: Pick<PlanEvaluationDeps, 'store'>,
  project: string,
): Promise<number | undefined> {
  const versions = (await store.readRouting(project))?.versions ?? [];
  return [...versions].sort((a, b) => b.share - a.share)[0]?.modelVersion;
}
