import { AppError } from '#shared/kernel/errors.ts';

/**
 * A path below the root of all artifacts, without a slash at either end: `<experimentId>/<runId>/artifacts/…`,
 * `<experimentId>/models/<modelId>/artifacts/…` or `<experimentId>/traces/<traceId>/artifacts/…`.
 */
export interface ArtifactPath {
  readonly path: string;
  readonly experimentId: string;
  readonly owner: ArtifactOwner;
  /** Below the owner's artifacts; empty for the directory itself. */
  readonly inside: string;
}

export interface ArtifactOwner {
  readonly kind: 'run' | 'model' | 'trace';
  readonly id: string;
  /** Directory of all its artifacts, e.g. `<experimentId>/<runId>/artifacts`. */
  readonly root: string;
}

const scheme = 'mlflow-artifacts:/';
const identifier = /^[A-Za-z0-9][\w-]{0,255}$/;
const collections: Readonly<Record<string, ArtifactOwner['kind']>> = { models: 'model', traces: 'trace' };
/** S3 takes keys of 1024 bytes; our prefix is among them. */
const maxPathBytes = 1000;

/**
 * A path as a client sent it, cleaned as MLflow's server does: percent-encoding is taken off until none is left, so that nothing hides
 * in it, and slashes at the end are dropped. Throws InvalidPath for an absolute path, `..`, `.` and empty parts, and signs that are in no
 * file name.
 */
export function safePath(sent: string): string {
  let path = sent;
  for (let decoded = decodeOnce(path); decoded !== path; decoded = decodeOnce(path)) path = decoded;
  const trimmed = path.replace(/\/+$/, '');
  const isUnsafe =
    /[#\p{Cc}]/u.test(trimmed) ||
    /^([A-Za-z]:[/\\]|\\\\)/.test(trimmed) ||
    trimmed.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (isUnsafe) throw invalidPath();
  if (Buffer.byteLength(trimmed) > maxPathBytes) throw pathTooLong(trimmed);
  return trimmed;
}

/** The same where no path, or an empty one, stands for the directory that is meant anyway. */
export const safeDirectory = (sent: string | undefined): string =>
  sent === undefined || /^\/*$/.test(sent) ? '' : safePath(sent);

/** A path that names the artifacts of a run, a logged model or a trace, or something below. Throws InvalidPath for any other. */
export function parseArtifactPath(sent: string): ArtifactPath {
  const path = safePath(sent);
  const parts = path.split('/');
  const [experimentId = '', second = ''] = parts;
  const collection = collections[second];
  const ownerParts = collection ? 4 : 3;
  const [id = '', folder] = parts.slice(ownerParts - 2, ownerParts);
  if (!identifier.test(experimentId) || !identifier.test(id) || folder !== 'artifacts') throw invalidPath();
  return {
    path,
    experimentId,
    owner: { kind: collection ?? 'run', id, root: parts.slice(0, ownerParts).join('/') },
    inside: parts.slice(ownerParts).join('/'),
  };
}

/** The path that an `mlflow-artifacts:` address without a host names; undefined for any other address. */
export function pathOfArtifactUri(uri: string): string | undefined {
  if (!uri.startsWith(scheme) || uri.startsWith(`${scheme}/`)) return undefined;
  return uri.slice(scheme.length).replace(/\/+$/, '');
}

export const joinPath = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join('/');

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The name of a file on a client's disk, of which clients up to 3.17 send the whole path, also one of Windows. */
export function localFileName(localPath: string): string {
  const isWindowsPath = /^([A-Za-z]:|\\)\\/.test(localPath);
  return safePath(baseName(isWindowsPath ? localPath.replaceAll('\\', '/') : localPath));
}

/** Whether a path is a directory above or the thing itself. */
export const isWithin = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(`${directory}/`);

export const invalidPath = (): AppError => new AppError('invalid_input', 'InvalidPath', 'Invalid path');

const pathTooLong = (path: string): AppError =>
  new AppError(
    'invalid_input',
    'InvalidPath',
    `Invalid path: it has ${Buffer.byteLength(path)} bytes, ${maxPathBytes} are allowed. Give the directories or the file shorter names.`,
  );

function decodeOnce(path: string): string {
  return path.replaceAll(/(%[0-9a-f]{2})+/gi, (encoded) =>
    Buffer.from(encoded.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
