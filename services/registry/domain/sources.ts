import { AppError } from '#shared/kernel/errors.ts';

/** Where a client says that a version's files are. */
export type ModelSource =
  /** `runs:/<run>/<path>` */
  | { readonly kind: 'run'; readonly runId: string }
  /** `models:/m-…` */
  | { readonly kind: 'logged-model'; readonly modelId: string }
  /** `models:/<name>/<version>` */
  | { readonly kind: 'version'; readonly name: string; readonly version: string }
  /** `models:/<name>@<alias>` */
  | { readonly kind: 'alias'; readonly name: string; readonly alias: string }
  /** `models:/<name>/<stage>`; `latest` is of any stage. */
  | { readonly kind: 'stage'; readonly name: string; readonly stage: string }
  /** `mlflow-artifacts:/…` */
  | { readonly kind: 'artifacts' }
  /** Elsewhere, e.g. `s3://…`. */
  | { readonly kind: 'storage' };

const maxSourceLength = 2048;

/** Addresses of hosts that anybody may run (mlflow/store/artifact/host_policy.py). */
const hostSchemes: ReadonlySet<string> = new Set([
  'http',
  'https',
  'ftp',
  'sftp',
  'hdfs',
  'viewfs',
  'r2',
  'b2',
  'abfss',
]);

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidSource', message);

/** Which field of the request must name what a source lies in. */
type SourceField = 'run_id' | 'model_id';

/** A source that lies in no run or model that the request names. */
export const sourceOutside = (source: string, field: SourceField): AppError =>
  invalid(
    `Invalid model version source: '${source}'. The ${field} request parameter must identify the resource that contains the source.`,
  );

/** What a source is. Throws InvalidSource for local paths, for `..` in any spelling, and for what names no model. */
export function parseSource(source: string): ModelSource {
  if (source.length > maxSourceLength)
    throw invalid(
      `Invalid model version source: it has ${source.length} characters, ${maxSourceLength} are allowed.`,
    );
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(source) ?? [];
  if (scheme === '' || scheme.toLowerCase() === 'file') throw localPath(source);
  const decoded = fullyDecoded(source);
  if (decoded === undefined || decoded.includes('\0') || decoded.split(/[/\\]/).includes('..'))
    throw relativePath(source);
  if (hostSchemes.has(scheme.toLowerCase())) throw hostAddressed(scheme);
  switch (scheme.toLowerCase()) {
    case 'runs': {
      const runId = /^\/([^/]+)(\/|$)/.exec(rest)?.[1];
      if (runId === undefined) throw sourceOutside(source, 'run_id');
      return { kind: 'run', runId };
    }
    case 'models':
      return modelSource(source, rest);
    case 'mlflow-artifacts':
      return { kind: 'artifacts' };
    default:
      return { kind: 'storage' };
  }
}

function modelSource(source: string, rest: string): ModelSource {
  const parts = /^\/([^/]+)(?:\/([^/]+))?$/.exec(rest);
  const [, first, second] = parts ?? [];
  if (first === undefined || first.trim() === '') throw sourceOutside(source, 'model_id');
  if (second !== undefined)
    return /^\d+$/.test(second)
      ? { kind: 'version', name: first, version: second }
      : { kind: 'stage', name: first, stage: second };
  const at = first.lastIndexOf('@');
  if (at === -1) return { kind: 'logged-model', modelId: first };
  const [name, alias] = [first.slice(0, at), first.slice(at + 1)];
  if (name === '' || alias === '') throw sourceOutside(source, 'model_id');
  return { kind: 'alias', name, alias };
}

/** Whether an artifact's address is a run's or a model's location, or below it. */
export function isWithin(source: string, location: string): boolean {
  const [inner, outer] = [addressParts(source), addressParts(location)];
  return (
    inner !== undefined &&
    outer !== undefined &&
    outer.path.length > 0 &&
    inner.authority === outer.authority &&
    outer.path.every((part, index) => inner.path[index] === part)
  );
}

function addressParts(address: string): { authority: string; path: readonly string[] } | undefined {
  const parts = /^([a-z][a-z0-9+.-]+:)(\/\/[^/]*)?(.*)$/is.exec(address);
  if (!parts) return undefined;
  const [, scheme = '', host = '', path = ''] = parts;
  const names = path.split('/').filter((part) => part !== '');
  const decoded = names.map(fullyDecoded);
  if (decoded.includes(undefined)) return undefined;
  return {
    authority: `${scheme}${host === '//' ? '' : host}`.toLowerCase(),
    path: decoded as readonly string[],
  };
}

/** However often it was encoded; undefined for what cannot be decoded. */
function fullyDecoded(text: string): string | undefined {
  let known = text;
  for (let depth = 0; depth < 10; depth++) {
    const next = decodedOnce(known);
    if (next === known) return next;
    if (next === undefined) return undefined;
    known = next;
  }
  return undefined;
}

/** A `%` that encodes nothing stays, as in Python's unquote. */
function decodedOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    return undefined;
  }
}

const localPath = (source: string): AppError =>
  invalid(
    `Invalid model version source: '${source}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id. Here no run has a local directory: log the model to a run, or name where it is in S3.`,
  );

const hostAddressed = (scheme: string): AppError =>
  invalid(
    `'source' cannot use the '${scheme}' scheme: it addresses a host other than the tracking server's artifact storage. Log the model to a run, or name where it is in S3.`,
  );

const relativePath = (source: string): AppError =>
  invalid(
    `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.`,
  );
