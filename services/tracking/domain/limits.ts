import { AppError } from '#shared/kernel/errors.ts';

/** Limits and names of MLflow's server (mlflow/utils/validation.py of 3.17), in its words where clients look for them. */

const maxKeyLength = 250;
const maxParamValueLength = 6000;
const maxTagValueLength = 8000;
const maxExperimentNameLength = 500;
const maxExperimentTagValueLength = 20_000;
const maxArtifactLocationLength = 2048;

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidParameter', message);
const invalidValue = (path: string, value: unknown, hint?: string): AppError =>
  invalid(
    `Invalid value ${JSON.stringify(value)} for parameter '${path}' supplied${hint === undefined ? '.' : `: ${hint}`}`,
  );
const tooLong = (name: string, limit: number): AppError =>
  invalid(`'${name}' exceeds the maximum length of ${limit} characters`);

const allowedKey = /^[/\p{L}\p{N}_.\- :]*$/u;
/** Most keys are such ones, which need no look at their parts. */
const plainKey = /^[\w\- :]+$/;

/** Names of metrics, params and tags. Throws InvalidParameter. `label` is what MLflow calls the name where it is too long. */
export function assertKey(key: string, path: string, label: string): void {
  if (!plainKey.test(key)) {
    if (!allowedKey.test(key)) {
      throw invalidValue(
        path,
        key,
        'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).',
      );
    }
    const resolved = resolvedName(key);
    if (resolved !== key || resolved === '.' || resolved.startsWith('..') || resolved.startsWith('/')) {
      throw invalidValue(
        path,
        key,
        `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${resolved}'`,
      );
    }
  }
  if (lengthOf(key) > maxKeyLength) throw tooLong(label, maxKeyLength);
}

/** What a path becomes without `.`, `..` and doubled slashes (POSIX). */
function resolvedName(name: string): string {
  const root = name.startsWith('//') && !name.startsWith('///') ? '//' : name.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (root === '' && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part);
    else parts.pop();
  }
  return root + parts.join('/') || '.';
}

/** Characters, as Python counts them; only what could be too long is counted. */
const lengthOf = (text: string): number => (text.length <= maxKeyLength ? text.length : [...text].length);

/** Params and tags of runs that are too long are cut, as MLflow does where nobody told it otherwise. */
const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : [...text].slice(0, limit).join('');

/** The param as it is stored. Throws InvalidParameter. */
export function storableParam(key: string, value: string, path = 'key'): readonly [string, string] {
  assertKey(key, path, 'Param key');
  return [key, cut(value, maxParamValueLength)];
}

/** The tag of a run as it is stored. Throws InvalidParameter. */
export function storableTag(key: string, value: string, path = 'key'): readonly [string, string] {
  assertKey(key, path, path);
  return [key, cut(value, maxTagValueLength)];
}

/** Throws InvalidParameter. */
export function assertExperimentTag(key: string, value: string): void {
  assertKey(key, 'key', 'key');
  if (value.length > maxExperimentTagValueLength && [...value].length > maxExperimentTagValueLength)
    throw tooLong('value', maxExperimentTagValueLength);
}

/** Throws InvalidParameter. */
export function assertExperimentName(name: string): void {
  if (name === '') throw invalid(`Invalid experiment name: '${name}'`);
  if ([...name].length > maxExperimentNameLength) throw tooLong('name', maxExperimentNameLength);
}

/** Where an experiment's artifacts may lie: an address with a scheme, without what climbs out of it. Throws InvalidParameter. */
export function assertArtifactLocation(location: string): void {
  if (location.length > maxArtifactLocationLength)
    throw invalid(
      `Invalid artifact path length. The length of the artifact path cannot be greater than ${maxArtifactLocationLength} bytes. To configure this limit, please set the MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH environment variable.`,
    );
  if (!/^[a-z][a-z0-9+.-]*:/i.test(location))
    throw invalid(
      `Invalid value ${JSON.stringify(location)} for parameter 'artifact_location' supplied: it must be an address with a scheme, such as s3://bucket/prefix. Leave it out to keep artifacts on this platform.`,
    );
  if (/[?#]|(^|[/\\])\.\.([/\\]|$)/.test(decodedFully(location)))
    throw invalid(
      `Invalid value ${JSON.stringify(location)} for parameter 'artifact_location' supplied: '..', '?' and '#' are not allowed.`,
    );
}

function decodedFully(text: string): string {
  let before = text;
  for (let round = 0; round < 10; round++) {
    let after: string;
    try {
      after = decodeURIComponent(before);
    } catch {
      return before;
    }
    if (after === before) return after;
    before = after;
  }
  return before;
}

/** Experiment ids are decimal numbers. Throws InvalidParameter. */
export function assertExperimentId(experimentId: string): void {
  if (!/^\d{1,20}$/.test(experimentId))
    throw invalid(
      `Invalid experiment ID '${experimentId.slice(0, 100)}'. Experiment ID must be a valid integer.`,
    );
}

/** Throws InvalidParameter unless `run_id` could be the id of a run. */
export function assertRunId(runId: string): void {
  if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(runId)) throw invalidValue('run_id', runId);
}

/** Page size of a list. Throws InvalidParameter. */
export function assertMaxResults(maxResults: number, most: number): void {
  if (maxResults < 1)
    throw invalid(
      `Invalid value ${maxResults} for parameter 'max_results' supplied. It must be a positive integer`,
    );
  if (maxResults > most)
    throw invalid(
      `Invalid value ${maxResults} for parameter 'max_results' supplied. It must be at most ${most}`,
    );
}

export { invalid as invalidParameterValue };
