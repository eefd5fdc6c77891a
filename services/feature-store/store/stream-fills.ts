import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { StreamFill, StreamFills, ViewKey } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** `STREAMFILL#<project>#<view>#<6 digits>` / `FILL`. */
const keyOf = ({ project, view, version }: ViewKey) => ({
  pk: `STREAMFILL#${project}#${view}#${String(version).padStart(6, '0')}`,
  sk: 'FILL',
});

export function createStreamFills(stored: Table): StreamFills {
  const table = versionedTable(stored, itemKinds);
  return {
    async find(key) {
      const item = await table.get<StoredItems['streamFill']>(keyOf(key));
      if (!item) return undefined;
      const { pk: _pk, sk: _sk, schemaVersion: _version, ...fill } = item;
      return fill satisfies StreamFill;
    },
    save: (key, before, fill) =>
      table.put(
        { ...keyOf(key), schemaVersion: 1, ...fill },
        {
          when: before ? { equals: { claim: before.claim } } : { absent: true },
          otherwise: new AppError(
            'conflict',
            'StreamFillChanged',
            `Somebody else fills version ${key.version} of '${key.view}' of '${key.project}'. Wait until it is done.`,
          ),
        },
      ),
  };
}
