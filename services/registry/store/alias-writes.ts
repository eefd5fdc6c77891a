import type { Write } from '#shared/aws/table.ts';
import type { AppError } from '#shared/kernel/errors.ts';
import type { AliasMove } from '../ports.ts';
import { aliasKey, modelPk, movePrefix } from './keys.ts';

/** Points an alias to another version, or to none, and remembers that it was. */
export function aliasWrites(
  modelId: string,
  move: AliasMove,
  /** Sorts moves of one moment. */
  moveId: string,
  otherwise: AppError,
): Write[] {
  const { alias, fromVersion, toVersion, movedAt } = move;
  const when =
    fromVersion === undefined ? { absent: true as const } : { equals: { modelVersion: fromVersion } };
  const key = aliasKey(modelId, alias);
  return [
    toVersion === undefined
      ? { delete: key, when, otherwise }
      : { put: { ...key, schemaVersion: 1, alias, modelVersion: toVersion }, when, otherwise },
    {
      put: {
        pk: modelPk(modelId),
        sk: `${movePrefix(alias)}${movedAt}#${moveId}`,
        schemaVersion: 2,
        move,
      },
    },
  ];
}
