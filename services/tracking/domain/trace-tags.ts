import { AppError } from '#shared/kernel/errors.ts';
import { type Trace, traceTag } from './trace.ts';

const maxTagKeyLength = 250;
const maxTagValueLength = 8000;

/** Tags that say where this server keeps things; nobody else sets or deletes them. */
const reservedTags: ReadonlySet<string> = new Set([
  traceTag.spansLocation,
  'mlflow.trace.archiveLocation',
  'mlflow.trace.archivalFailure',
]);

export const withoutReserved = (tags: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !reservedTags.has(key)));

/** Throws TagImmutable for tags that this server keeps. */
export function assertMutableTag(key: string, operation: 'set' | 'deleted'): void {
  if (!reservedTags.has(key)) return;
  throw new AppError(
    'invalid_input',
    'TagImmutable',
    `Tag '${key}' is immutable and cannot be ${operation} on a trace.`,
  );
}

/** Tags of names and values that come from elsewhere: those with a name that a tag may have, as texts. */
export const tagsOf = (entries: readonly (readonly [string, unknown])[]): Record<string, string> =>
  Object.fromEntries(
    entries
      .filter(([key]) => isTagKey(key))
      .map(([key, value]) => [
        key,
        (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, maxTagValueLength),
      ]),
  );

const isTagKey = (key: string): boolean =>
  key.length > 0 && key.length <= maxTagKeyLength && /^[/\p{L}\p{N}_.\- :]*$/u.test(key);

/** The trace with a tag; a long value is cut, as MLflow's server does. Throws InvalidTagKey. */
export function tagged(trace: Trace, key: string, value: string): Trace {
  if (!isTagKey(key)) {
    throw new AppError(
      'invalid_input',
      'InvalidTagKey',
      `Invalid tag name: '${key.slice(0, 300)}'. Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colons(:) and slashes (/), and have at most ${maxTagKeyLength} characters.`,
    );
  }
  return { ...trace, tags: { ...trace.tags, [key]: value.slice(0, maxTagValueLength) } };
}

/** The trace without a tag. Throws TagNotFound. */
export function untagged(trace: Trace, key: string): Trace {
  if (!Object.hasOwn(trace.tags, key)) {
    throw new AppError(
      'not_found',
      'TagNotFound',
      `No trace tag with key '${key}' for trace with ID '${trace.traceId}'`,
    );
  }
  const { [key]: _, ...tags } = trace.tags;
  return { ...trace, tags };
}
