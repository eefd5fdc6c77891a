import type { Table } from '#shared/aws/table.ts';
import type { RestorationStore } from '../ports.ts';
import { versionTaken, versionWrites } from './dataset-store.ts';
import { versionKey } from './keys.ts';

export function createRestorationStore(table: Table): RestorationStore {
  return {
    commit: ({ version, event, older, basis }) =>
      table.commit({
        writes: [
          ...versionWrites(version, basis),
          {
            check: versionKey(version.project, older.datasetVersion),
            when: { equals: { contentSha256: older.contentSha256, expiredAt: undefined } },
            otherwise: versionTaken(version),
          },
        ],
        events: [event],
      }),
  };
}
