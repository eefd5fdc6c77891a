import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { collect } from '#shared/kernel/collect.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { FreshnessStore } from '../ports/freshness.ts';
import { itemKinds, type StoredItems } from './items.ts';

const partition = (project: string) => `FRESHNESS#${project}`;

export function createFreshnessStore(stored: Table): FreshnessStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async breaches(project) {
      const items = everyItem<StoredItems['freshnessBreach']>(table, {
        pk: partition(project),
        consistent: true,
      });
      return (await collect(items)).map(({ view, number, since }) => ({ project, view, number, since }));
    },
    save: ({ project, view, number, since }, before, events) =>
      table.commit({
        writes: [
          {
            put: {
              pk: partition(project),
              sk: `VIEW#${view}`,
              schemaVersion: 1,
              project,
              view,
              number,
              ...(since === undefined ? {} : { since }),
            },
            when: before ? { equals: { number: before.number, since: before.since } } : { absent: true },
            otherwise: new AppError(
              'conflict',
              'BreachChanged',
              `What is known of the freshness of '${view}' of '${project}' changed meanwhile.`,
            ),
          },
        ],
        events,
      }),
  };
}
