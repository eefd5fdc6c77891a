import { AppError, type Violation } from '#shared/kernel/errors.ts';
import { nearestName } from '#shared/kernel/nearest-name.ts';
import type { FeatureValue, JoinKey } from '../contract.ts';
import type { FeatureSelection } from './feature-selection.ts';
import { type EntityKey, entityKeyOf } from './online-key.ts';
import { otherTypeThan, typedFeatureValue } from './typed-values.ts';

type Lists<Value> = Readonly<Record<string, readonly Value[]>>;

/** What was sent about entities, entity by entity. */
export interface EntityList {
  readonly count: number;
  /** By view, then by entity. */
  readonly keys: readonly (readonly EntityKey[])[];
  readonly request: readonly Readonly<Record<string, FeatureValue>>[];
}

const maxViolations = 50;

/**
 * Takes lists of join keys and of request members apart. Throws InvalidEntities (invalid_input), naming each place: a list that is missing,
 * unknown or of another length, and each value of another type.
 */
export function readEntities(
  selection: FeatureSelection,
  entities: Lists<string | number>,
  request: Lists<FeatureValue> = {},
): EntityList {
  const joinKeys = [
    ...new Map(selection.views.flatMap((view) => view.joinKeys.map((key) => [key.name, key]))).values(),
  ];
  const count = Math.max(0, ...Object.values(entities).map((values) => values.length));
  const violations = [
    ...listViolations(
      'entities',
      entities,
      joinKeys.map(({ name }) => name),
      count,
    ),
    ...listViolations(
      'request',
      request,
      selection.request.map(({ name }) => name),
      count,
    ),
    ...joinKeys.flatMap((key) => keyViolations(key, entities[key.name] ?? [])),
    ...selection.request.flatMap(({ name, type }) =>
      (request[name] ?? []).flatMap((value, index) =>
        typedFeatureValue(value, type) === undefined
          ? [{ path: `request/${name}/${index}`, message: otherTypeThan(type, value) }]
          : [],
      ),
    ),
  ];
  if (violations.length > 0) throw invalid(violations);
  const rows = Array.from({ length: count }, (_none, index) => index);
  return {
    count,
    keys: selection.views.map((view) =>
      rows.map((index) => entityKeyOf(view.joinKeys, rowOf(entities, index), `entities ${index}`)),
    ),
    request: rows.map((index) =>
      Object.fromEntries(
        selection.request.map(({ name, type }) => [
          name,
          typedFeatureValue(request[name]?.[index] ?? null, type) ?? null,
        ]),
      ),
    ),
  };
}

const rowOf = (lists: Lists<string | number>, index: number) =>
  Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values[index]]));

function listViolations(
  where: 'entities' | 'request',
  lists: Lists<unknown>,
  wanted: readonly string[],
  count: number,
): Violation[] {
  const missing = wanted.filter((name) => lists[name] === undefined);
  return [
    ...missing.map((name) => ({
      path: `${where}/${name}`,
      message: `'${name}' is missing: send a value per entity.`,
    })),
    ...Object.entries(lists).flatMap(([name, values]) => {
      const path = `${where}/${name}`;
      if (!wanted.includes(name)) return [{ path, message: unknownName(name, wanted) }];
      if (values.length === count) return [];
      return [{ path, message: `has ${values.length} values, and the longest list of entities ${count}.` }];
    }),
  ];
}

function unknownName(name: string, wanted: readonly string[]): string {
  const nearest = nearestName(name, wanted);
  if (nearest !== undefined) return `is not asked for. Did you mean '${nearest}'?`;
  return wanted.length > 0
    ? `is not asked for; asked for is ${wanted.join(', ')}.`
    : 'is not asked for: leave it out.';
}

function keyViolations(key: JoinKey, values: readonly (string | number)[]): Violation[] {
  return values.flatMap((value, index) => {
    try {
      entityKeyOf([key], { [key.name]: value }, 'The value');
      return [];
    } catch (error) {
      return [{ path: `entities/${key.name}/${index}`, message: (error as AppError).message }];
    }
  });
}

function invalid(violations: readonly Violation[]): AppError {
  const named = violations.slice(0, maxViolations);
  const more = violations.length > named.length ? ` And ${violations.length - named.length} more.` : '';
  return new AppError(
    'invalid_input',
    'InvalidEntities',
    `What was sent about entities is not what the features need: ${named
      .map(({ path, message }) => `${path}: ${message}`)
      .join(' ')}${more}`,
    { violations: named },
  );
}
