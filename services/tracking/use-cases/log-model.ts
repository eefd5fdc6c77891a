import type * as z from 'zod';
import type { logModel as task } from '#services/tracking/contract.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Heads } from '../ports/heads.ts';
import type { ModelArtifacts } from '../ports/model-artifacts.ts';
import { runNotFound } from './heads.ts';
import { loggedModelFiles } from './logged-model-files.ts';

export interface LogModelDeps {
  readonly heads: Heads;
  readonly artifacts: ModelArtifacts;
  readonly modelsBucket: string;
}

/** Where MLflow's addresses of artifacts lie in the models bucket. */
const addressPrefix = 'mlflow-artifacts:/';
const keyPrefix = 'mlflow/';

/**
 * Writes the model of a training below its run's artifacts as MLflow's clients know models, so that they load it by its version.
 * Again, it writes the same bytes. Throws RunNotFound, ArtifactsElsewhere, ContentChanged.
 */
export async function logModel(
  { heads, artifacts, modelsBucket }: LogModelDeps,
  { project, runId, artifact, signature }: z.output<typeof task.input>,
): Promise<{ source: string }> {
  const run = await heads.run(runId);
  if (!run || run.project !== project) throw runNotFound(runId);
  const source = `${run.artifactUri}/model`;
  if (!source.startsWith(addressPrefix)) throw artifactsElsewhere(source);
  const folder = `${keyPrefix}${source.slice(addressPrefix.length)}`;
  const place = (file: string) => ({ bucket: modelsBucket, key: `${folder}/${file}` });
  const { modelFile, texts } = loggedModelFiles(runId, signature);
  await artifacts.unpack(artifact, place(modelFile));
  await Promise.all(Object.entries(texts).map(([file, text]) => artifacts.writeText(place(file), text)));
  return { source };
}

const artifactsElsewhere = (source: string): AppError =>
  new AppError(
    'precondition_failed',
    'ArtifactsElsewhere',
    `The run keeps its artifacts at ${source}, outside of the platform's own. Experiments of projects keep theirs at mlflow-artifacts:/<experiment>.`,
  );
