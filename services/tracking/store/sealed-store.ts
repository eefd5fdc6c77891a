import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import type { SealedSources } from '../ports/sealed-sources.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** `SEALED#<owner's root>` / `SOURCE#<model>#<version>`: a source of a registered model version, beside others of the same artifacts. */
const sealedPk = (ownerRoot: string): string => `SEALED#${ownerRoot}`;

export function createSealedSources(stored: Table): SealedSources {
  const table = versionedTable(stored, itemKinds);
  return {
    async sourcesOf(ownerRoot) {
      const { items } = await table.query<StoredItems['sealedSource']>({
        pk: sealedPk(ownerRoot),
        consistent: true,
      });
      return items.map(({ source, model, version }) => ({ source, model, version }));
    },
    async seal(ownerRoot, { source, model, version }) {
      const key = { pk: sealedPk(ownerRoot), sk: `SOURCE#${model}#${version}` };
      await table.commit({ writes: [{ put: { ...key, schemaVersion: 1, source, model, version } }] });
    },
  };
}
