import { artifactPrefix } from '#services/registry/contract.ts';
import type { S3Location } from '#shared/kernel/s3-uri.ts';

/** Where a version's source leads, as its text says; what it names elsewhere is not looked up yet. */
export type SourceStep =
  /** All objects whose keys begin with `key` and a slash, or the one of that key. */
  | { readonly kind: 'objects'; readonly location: S3Location; readonly experimentId: string }
  | { readonly kind: 'run'; readonly runId: string; readonly path: string }
  | { readonly kind: 'loggedModel'; readonly modelId: string }
  | { readonly kind: 'version'; readonly model: string; readonly version: string; readonly isAlias: boolean }
  | { readonly kind: 'unverifiable'; readonly reason: string };

const cure =
  'Log the model to the platform (log_model or log_artifact with its tracking URI) and register that.';

/** Reads a version's source. */
export function readSource(source: string, modelsBucket: string): SourceStep {
  const [, scheme = '', rest = ''] = /^([a-z0-9+.-]+):\/*(.*)$/is.exec(source) ?? [];
  switch (scheme.toLowerCase()) {
    case 'mlflow-artifacts':
      return ownObjects(modelsBucket, artifactPath(source), source);
    case 'runs': {
      const [runId = '', ...path] = cleanPath(rest).split('/');
      return { kind: 'run', runId, path: path.join('/') };
    }
    case 'models':
      return modelStep(cleanPath(rest), source);
    case 's3':
      return bucketStep(cleanPath(rest), source, modelsBucket);
    default:
      return unverifiable(`The source '${shown(source)}' is no address that the platform can read. ${cure}`);
  }
}

/** `mlflow-artifacts:/1/…` and `mlflow-artifacts://host:5000/1/…` name the same. */
const artifactPath = (source: string): string =>
  cleanPath(source.replace(/^mlflow-artifacts:/i, '').replace(/^\/\/[^/]+/, ''));

function ownObjects(bucket: string, path: string, source: string): SourceStep {
  const [experimentId = ''] = path.split('/');
  if (experimentId === '' || path.split('/').includes('..'))
    return unverifiable(`The source '${shown(source)}' names no artifact of an experiment. ${cure}`);
  return { kind: 'objects', location: { bucket, key: `${artifactPrefix}${path}` }, experimentId };
}

function modelStep(path: string, source: string): SourceStep {
  if (/^m-[0-9a-zA-Z]+$/.test(path)) return { kind: 'loggedModel', modelId: path };
  const alias = /^([^/@]+)@([^/@]+)$/.exec(path);
  if (alias) return { kind: 'version', model: alias[1]!, version: alias[2]!, isAlias: true };
  const numbered = /^([^/@]+)\/(\d{1,9})$/.exec(path);
  if (numbered) return { kind: 'version', model: numbered[1]!, version: numbered[2]!, isAlias: false };
  return unverifiable(`The source '${shown(source)}' names no version by number or alias. ${cure}`);
}

function bucketStep(path: string, source: string, modelsBucket: string): SourceStep {
  const [bucket, ...key] = path.split('/');
  const own = key.join('/');
  if (bucket === modelsBucket && own.startsWith(artifactPrefix))
    return ownObjects(modelsBucket, own.slice(artifactPrefix.length), source);
  return unverifiable(
    `The source '${shown(source)}' lies outside the platform's artifacts, where anybody could change it unseen. ${cure}`,
  );
}

/** Without slashes at the ends, doubled slashes and dots that mean nothing. */
const cleanPath = (path: string): string =>
  path
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');

const shown = (source: string): string => source.slice(0, 200);
const unverifiable = (reason: string): SourceStep => ({ kind: 'unverifiable', reason });
