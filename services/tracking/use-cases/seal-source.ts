import { AppError } from '#shared/kernel/errors.ts';
import { defaultProject } from '#shared/mlflow/ownership.ts';
import { type ArtifactPath, parseArtifactPath } from '../domain/artifact-path.ts';
import type { Heads } from '../ports/heads.ts';
import type { SealedSources } from '../ports/sealed-sources.ts';
import { pathBelow } from './read-artifacts.ts';

export interface CreatedVersion {
  readonly project: string;
  readonly model: string;
  readonly modelVersion: number;
  /** As the client wrote it: `mlflow-artifacts:/…`, `runs:/…`, `models:/…`, `s3://…`. */
  readonly source: string;
}

/**
 * Seals the artifacts that a model version was made from, where they are kept here and belong to the version's own project or to the default
 * one: nobody locks what is another project's. A source that leads elsewhere, or nowhere, is left alone.
 */
export async function sealSource(
  { heads, sealed }: { readonly heads: Heads; readonly sealed: SealedSources },
  { project, model, modelVersion, source }: CreatedVersion,
): Promise<'sealed' | 'not ours'> {
  const found = await locate(heads, source);
  const owner = found && (await heads.experiment(found.experimentId))?.project;
  if (!found || (owner !== project && owner !== defaultProject)) return 'not ours';
  await sealed.seal(found.owner.root, { source: found.path, model, version: String(modelVersion) });
  return 'sealed';
}

async function locate(heads: Heads, source: string): Promise<ArtifactPath | undefined> {
  const path = await pathOf(heads, source);
  if (path === undefined) return undefined;
  try {
    return parseArtifactPath(path);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function pathOf(heads: Heads, source: string): Promise<string | undefined> {
  const [, scheme, rest = ''] = /^(mlflow-artifacts|runs):(.*)$/s.exec(source) ?? [];
  // The host is this platform: no other keeps these artifacts.
  if (scheme === 'mlflow-artifacts') return rest.replace(/^\/\/[^/]+/, '').replace(/^\/+/, '');
  if (scheme !== 'runs') return undefined;
  const [runId = '', ...inside] = rest.replace(/^\/+/, '').split('/');
  const run = await heads.run(runId);
  if (!run?.artifactUri.startsWith('mlflow-artifacts:')) return undefined;
  return pathBelow(run.artifactUri, inside.join('/'));
}
