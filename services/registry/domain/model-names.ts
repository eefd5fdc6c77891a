import { AppError } from '#shared/kernel/errors.ts';

/** What MLflow's registry allows (mlflow/utils/validation.py, store/model_registry/dbmodels). Lengths in characters. */
const maxNameLength = 256;
const maxAliasLength = 255;
const maxTagKeyLength = 250;
const maxTagValueLength = 100_000;
const maxDescriptionLength = 5000;

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidParameter', message);

const missing = (parameter: string): AppError =>
  invalid(
    `Missing value for required parameter '${parameter}'. See the API docs for more information about request parameters.`,
  );

/** Throws InvalidParameter for what cannot name a registered model. */
export function assertModelName(name: string, parameter = 'name'): void {
  if (name.trim() === '') throw missing(parameter);
  if (/[/:]/.test(name)) throw invalid(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  if (name === '.' || name === '..')
    throw invalid(`Invalid value "${name}" for parameter '${parameter}' supplied: it is a path, not a name.`);
  if (name.length > maxNameLength)
    throw invalid(
      `Invalid model name: it has ${name.length} characters, ${maxNameLength} are allowed. Shorten it.`,
    );
}

/** Throws InvalidParameter for what cannot name an alias. */
export function assertAliasName(alias: string): void {
  if (alias === '') throw invalid('Registered model alias name cannot be empty.');
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias))
    throw invalid(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  if (alias.length > maxAliasLength)
    throw invalid(
      `Registered model alias name has ${alias.length} characters, ${maxAliasLength} are allowed.`,
    );
}

/** Throws InvalidParameter for an alias that MLflow's model URIs give a meaning of their own. */
export function assertAliasNotReserved(alias: string): void {
  if (alias.toLowerCase() === latestAlias)
    throw invalid("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) throw invalid(`Version alias name '${alias}' is reserved.`);
}

/** Reads the newest version wherever an alias is read. */
export const latestAlias = 'latest';

/** The number of a version as clients send it. Throws InvalidParameter. */
export function versionNumberOf(text: string): number {
  if (!/^[+-]?\d{1,15}$/.test(text.trim()))
    throw invalid(`Parameter 'version' must be an integer, got '${text.slice(0, 100)}'.`);
  return Number(text);
}

/** Throws InvalidParameter for a tag that no model or version can have. */
export function assertTag(key: string, value: string): void {
  assertTagKey(key);
  if (value.length > maxTagValueLength)
    throw invalid(
      `Tag value of '${key}' exceeds the maximum length of ${maxTagValueLength} characters: it has ${value.length}. Shorten it, or store it as an artifact and tag its address.`,
    );
}

/** Throws InvalidParameter for what cannot be the key of a tag. */
export function assertTagKey(key: string): void {
  if (key === '') throw missing('key');
  if (key.length > maxTagKeyLength)
    throw invalid(
      `Tag key exceeds the maximum length of ${maxTagKeyLength} characters: it has ${key.length}.`,
    );
  if (!/^[/\p{L}\p{N}_.\- :]*$/u.test(key))
    throw invalid(
      `Invalid value "${key}" for parameter 'key' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`,
    );
  if (/^\/|\/$|\/\/|(^|\/)\.{1,2}(\/|$)/.test(key))
    throw invalid(
      `Invalid value "${key}" for parameter 'key' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such.`,
    );
}

/** Throws InvalidParameter. */
export function assertDescription(description: string | undefined): void {
  const length = description?.length ?? 0;
  if (length > maxDescriptionLength)
    throw invalid(
      `The description has ${length} characters, ${maxDescriptionLength} are allowed. Shorten it, or store it as an artifact.`,
    );
}

/** An item of the table holds 400 KB, and a fact on the bus 256 KB: what a model or a version says of itself stays below both. */
const maxSelfDescriptionBytes = 200_000;

/** Throws InvalidParameter where tags, description and source of one model or version are more than one item and one fact hold. */
export function assertFits(what: string, parts: object): void {
  const bytes = new TextEncoder().encode(JSON.stringify(parts)).length;
  if (bytes > maxSelfDescriptionBytes)
    throw invalid(
      `Tags and description of ${what} take ${bytes} bytes, ${maxSelfDescriptionBytes} are allowed. Store long texts as artifacts and tag their address.`,
    );
}
