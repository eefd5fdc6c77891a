import type { ModelSignature } from '#events/registry.ts';
import type { ClientVersion } from '#services/deployment/contract.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { parseMlModel } from '#shared/mlflow/mlmodel.ts';
import type { ClientFiles, ServingFacts } from '../ports.ts';
import {
  featureOrderRefusal,
  isRefusal,
  type Refusal,
  refusalOf,
  servedModel,
  servedSignature,
} from './client-model.ts';

export interface PackageVersionDeps {
  readonly files: ClientFiles;
  readonly serving: ServingFacts;
}

/** A version of a client as the serving image takes it. */
export interface PackagedVersion {
  readonly artifact: StoredObject;
  readonly trainingImage: string;
  readonly signature: ModelSignature;
}

/** Larger models are refused: they are packed on the function's disk. */
const maxModelBytes = 400_000_000;

/**
 * Makes the archive that the serving image loads of what a client registered, from exactly the registered bytes. Answers why not where
 * the image does not take such a model, the project has other features, or the bytes are others by now.
 */
export async function packageVersion(
  deps: PackageVersionDeps,
  version: ClientVersion,
): Promise<PackagedVersion | Refusal> {
  try {
    return await packed(deps, version);
  } catch (error) {
    if (!(error instanceof AppError && refusedCodes.has(error.code))) throw error;
    return { refusal: error.message };
  }
}

/** MLmodel cannot be read, or the bytes are not those that were registered. */
const refusedCodes: ReadonlySet<string> = new Set(['InvalidMlModel', 'ContentChanged']);

async function packed(
  { files, serving }: PackageVersionDeps,
  version: ClientVersion,
): Promise<PackagedVersion | Refusal> {
  const refusal = refusalOf(version);
  const { manifest: claim } = version.content;
  if (refusal || !claim) return refusal ?? { refusal: 'The bytes of the version were not recorded.' };
  const manifest = await files.manifest(claim);
  const model = servedModel(
    parseMlModel(await files.text(manifest, 'MLmodel')),
    manifest.objects.map(({ path }) => path),
  );
  if (isRefusal(model)) return model;
  const bytes = manifest.objects.find(({ path }) => path === model.path)?.bytes ?? 0;
  if (bytes > maxModelBytes)
    return {
      refusal: `The model has ${bytes} bytes; ${maxModelBytes} can be packed for serving. Train fewer or shallower trees.`,
    };
  const trainingSet = await serving.newestTrainingSet(version.project);
  if (!trainingSet)
    return {
      refusal: `Project '${version.project}' has no training set yet, so nobody knows which columns it serves. Upload data and let a training begin, then register the model again.`,
    };
  const signature = servedSignature(model.columns, trainingSet.signature);
  if (isRefusal(signature)) return signature;
  const { artifact, featureNames } = await files.pack(version.project, manifest, model.path);
  const disorder = featureOrderRefusal(model.columns, featureNames);
  if (disorder) return disorder;
  return { artifact, trainingImage: await serving.image(), signature };
}
