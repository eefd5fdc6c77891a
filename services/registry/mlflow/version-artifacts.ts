import { AppError } from '#shared/kernel/errors.ts';
import { type BoundMlflowRoute, bindMlflow, RawAnswer } from '#shared/mlflow/handler.ts';
import { type ModelDeps, versionFor } from '../use-cases/model-access.ts';
import { getVersionArtifact } from './routes/version-artifacts.ts';

/** Files of versions are tracking's: whoever asks for one is sent there, where they are asked again whether they may. */
export function versionArtifactRoutes(deps: ModelDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(getVersionArtifact, async ({ message: { name, version, path }, caller }) => {
      const { entry } = await versionFor(deps, caller, 'viewer', name, version);
      const location = addressOf(entry.storageLocation ?? entry.source, path);
      return new RawAnswer(307, { location });
    }),
  ];
}

/** Path of a file below a version's artifacts, on this host. Throws ArtifactsElsewhere where the platform does not keep these. */
export function addressOf(artifactUri: string, path: string): string {
  const [, root] = /^mlflow-artifacts:\/(?:\/[^/]+\/)?([^/].*)$/.exec(artifactUri) ?? [];
  if (root === undefined) {
    throw new AppError(
      'invalid_input',
      'ArtifactsElsewhere',
      `The artifacts of this version lie at '${artifactUri}', which MLflow's API does not read. Read them there.`,
    );
  }
  const whole = [...root.split('/'), ...path.split('/')].filter((part) => part !== '');
  if (whole.some((part) => part === '.' || part === '..'))
    throw new AppError('invalid_input', 'InvalidPath', 'Invalid path');
  return `/api/2.0/mlflow-artifacts/artifacts/${whole.map(encodeURIComponent).join('/')}`;
}
