import type * as z from 'zod';
import type { ModelSignature } from '#events/registry.ts';
import type { ServedVersion } from '#services/deployment/contract.ts';
import type { TrainingSet } from '#services/feature-store/contract.ts';
import { answersAlike, isTrained } from '#services/registry/contract.ts';
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
    servedChampion(deps.neighbours, input.project),
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

interface Champion {
  readonly modelVersion: number;
  /** Absent where nobody knows: it was named champion by hand and never had an endpoint. */
  readonly served?: ServedVersion | undefined;
}

/** The champion with how it predicts: a training's as it was registered, a client's as deployment packed it. */
async function servedChampion(neighbours: Neighbours, project: string): Promise<Champion | undefined> {
  const champion = await neighbours.champion(project);
  if (!champion) return undefined;
  const { modelVersion } = champion;
  if (!isTrained(champion)) return { modelVersion, served: await neighbours.served(project, modelVersion) };
  const { artifact, trainingImage, signature } = champion;
  return { modelVersion, served: { artifact, trainingImage, signature } };
}

/** The champion is compared with only where it takes the same columns and gives the same classes. */
function comparison(
  champion: Champion | undefined,
  signature: ModelSignature,
  tags: Record<string, string>,
): Pick<TrainingPlan, 'champion' | 'runTags'> {
  const tagged = (text: string) => ({ ...tags, 'millrace.champion': text });
  if (!champion) return { runTags: tagged('none') };
  const { modelVersion, served } = champion;
  if (!served)
    return { runTags: tagged(`version ${modelVersion} has never served and is not compared with`) };
  const { artifact, trainingImage } = served;
  if (!answersAlike(served.signature, signature))
    return {
      runTags: tagged(
        `version ${modelVersion} ${differenceOf(served.signature, signature)} and is not compared with`,
      ),
    };
  return {
    champion: { modelVersion, artifact, trainingImage },
    runTags: tagged(`version ${modelVersion}`),
  };
}

/** A champion's features of another service version are other values of the same rows, even where their names are the same. */
function differenceOf(
  { featureService: before }: ModelSignature,
  { featureService: now }: ModelSignature,
): string {
  const named = (pin: ModelSignature['featureService']) =>
    pin ? `version ${pin.version} of the feature service '${pin.service}'` : 'no feature service';
  const [theirs, ours] = [named(before), named(now)];
  return theirs === ours ? 'has another signature' : `reads ${theirs}, not ${ours},`;
}
