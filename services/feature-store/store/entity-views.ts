import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { collect } from '#shared/kernel/collect.ts';
import type { EntityViews } from '../ports/feature-erasure.ts';
import { revisionsKey } from './definition-keys.ts';
import { createDefinitionStore } from './definition-store.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** Views that ever were declared: values of those that are no more may be online still. */
export function createEntityViews(stored: Table): EntityViews {
  const table = versionedTable(stored, itemKinds);
  const definitions = createDefinitionStore(stored);
  return {
    async all(project) {
      const query = { pk: revisionsKey(project), skPrefix: 'REVISION#', consistent: true };
      const revisions = await collect(everyItem<StoredItems['featureRevision']>(table, query));
      const names = new Set(revisions.flatMap(({ revision }) => revision.views.map(({ view }) => view)));
      const versions = await Promise.all([...names].map((view) => definitions.viewVersions(project, view)));
      return versions.flat();
    },
  };
}
