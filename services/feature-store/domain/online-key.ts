import { AppError } from '#shared/kernel/errors.ts';
import type { JoinKey } from '../contract/definitions.ts';

/** The values of an entity's join keys, in the order of the view's join keys. */
export type EntityKey = readonly (string | number)[];

/** DynamoDB's limit on a partition key is 2,048 bytes; the rest is for project, view and version. */
export const maxKeyBytes = 1800;

/** An entity's key as one text: a JSON list, so that no two entities share one. */
export const entityKeyText = (key: EntityKey): string => JSON.stringify(key);

/**
 * The key of an entity from values by name. `what` says where they stand, for errors. Throws InvalidEntities (invalid_input) for a
 * missing value, one of another type, or one that is too long.
 */
export function entityKeyOf(
  joinKeys: readonly JoinKey[],
  values: Readonly<Record<string, unknown>>,
  what: string,
): EntityKey {
  const key = joinKeys.map(({ name, type }) => {
    const value = values[name];
    if (type === 'integer' ? Number.isSafeInteger(value) : typeof value === 'string' && value !== '')
      return value as string | number;
    // Callers that have only text, such as files and query strings, mean the number.
    if (type === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
    throw new AppError(
      'invalid_input',
      'InvalidEntities',
      value === undefined || value === null
        ? `${what} has no '${name}'. Send the join key as ${type}.`
        : `${what} has '${name}' = ${JSON.stringify(value).slice(0, 60)}; a ${type} is expected.`,
    );
  });
  const bytes = new TextEncoder().encode(entityKeyText(key)).length;
  if (bytes <= maxKeyBytes) return key;
  throw new AppError(
    'invalid_input',
    'InvalidEntities',
    `The join keys of ${what} take ${bytes} bytes; ${maxKeyBytes} are allowed. Shorten them.`,
  );
}
