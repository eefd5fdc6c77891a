import type * as z from 'zod';
import type { ModelSignature } from '#events/registry.ts';
import type { TrainingSet } from '#services/feature-store/contract.ts';
import type { ModelVersion } from '#services/registry/contract.ts';
import type { trainingPlan } from '#services/training/contract.ts';
import { pinnedImageUri } from '../domain/container-image.ts';
import { xgboostHyperparameters, xgboostImage } from '../domain/xgboost.ts';
import type { ImageRegistry, Neighbours } from '../ports.ts';

export interface PlanTrainingDeps {
  readonly neighbours: Neighbours;
  readonly images: ImageRegistry;
  readonly region: string;
  readonly codeVersion: string;
}

export interface PlanTrainingInput {
  readonly project: string;
  readonly projectRevision: number;
  readonly trainingId: string;
  readonly trainingSet: TrainingSet;
}

type TrainingPlan = z.input<typeof trainingPlan>;

/** Queueing, start-up and upload of a job, above what the job itself may run. */
const overheadSeconds = 3600;

/**
 * Turns the project's training section and the training set into an exact plan, with the image pinned to the digest that its tag has
 * now. Throws HyperparameterReserved, XgboostImageUnknown, ImageNotFound.
 */
export async function planTraining(deps: PlanTrainingDeps, input: PlanTrainingInput): Promise<TrainingPlan> {
  const [{ definition }, champion] = await Promise.all([
    deps.neighbours.project(input.project, input.projectRevision),
    deps.neighbours.champion(input.project),
  ]);
  const { training, split } = definition;
  const { signature } = input.trainingSet;
  const { hyperparameters, seed } = xgboostHyperparameters(
    training.hyperparameters,
    { task: signature.task, classes: signature.classes.length },
    split.seed,
  );
  const image = xgboostImage(deps.region);
  const trainingImage = pinnedImageUri(image, await deps.images.digest(image));
  const { maxRuntimeSeconds } = training.limits;
  const maxWaitSeconds = Math.max(training.spot.maxWaitSeconds, maxRuntimeSeconds);
  return {
    trainingImage,
    hyperparameters,
    seed,
    codeVersion: deps.codeVersion,
    ...training.resources,
    spot: { enabled: training.spot.enabled, maxWaitSeconds },
    maxRuntimeSeconds,
    waitSeconds: (training.spot.enabled ? maxWaitSeconds : maxRuntimeSeconds) + overheadSeconds,
    runParams: hyperparameters,
    ...comparison(champion, signature, runTags(deps, input, `${image.repository}:${image.tag}`)),
  };
}

function runTags(
  { codeVersion }: PlanTrainingDeps,
  input: PlanTrainingInput,
  imageTag: string,
): Record<string, string> {
  const { datasetVersion, datasetSha256, trainingSetId, contentSha256 } = input.trainingSet;
  return {
    'millrace.trainingId': input.trainingId,
    'millrace.projectRevision': String(input.projectRevision),
    'millrace.datasetVersion': String(datasetVersion),
    'millrace.datasetSha256': datasetSha256,
    'millrace.trainingSetId': trainingSetId,
    'millrace.trainingSetSha256': contentSha256,
    'millrace.codeVersion': codeVersion,
    'millrace.imageTag': imageTag,
  };
}

/** The champion is compared with only where it takes the same columns and gives the same classes. */
function comparison(
  champion: ModelVersion | undefined,
  signature: ModelSignature,
  tags: Record<string, string>,
): Pick<TrainingPlan, 'champion' | 'runTags'> {
  const tagged = (text: string) => ({ ...tags, 'millrace.champion': text });
  if (!champion) return { runTags: tagged('none') };
  const { modelVersion, artifact, trainingImage } = champion;
  if (!sameSignature(champion.signature, signature))
    return { runTags: tagged(`version ${modelVersion} has another signature and is not compared with`) };
  return {
    champion: { modelVersion, artifact, trainingImage },
    runTags: tagged(`version ${modelVersion}`),
  };
}

function sameSignature(a: ModelSignature, b: ModelSignature): boolean {
  const sameColumns =
    a.inputs.length === b.inputs.length &&
    a.inputs.every(({ name, type }, index) => {
      const other = b.inputs[index];
      return other?.name === name && other.type === type;
    });
  return (
    sameColumns &&
    a.task === b.task &&
    a.target === b.target &&
    a.classes.length === b.classes.length &&
    a.classes.every((label, index) => label === b.classes[index])
  );
}
