import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  validation: [
    {
      pk: 'PROJECT#sets',
      sk: 'VERSION#00000001',
      schemaVersion: 1,
      project: 'sets',
      datasetVersion: 1,
      verdict: 'Pass',
      report: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/validation/sets/ba87c6ff5af0163862be13a69eca076b8bea03bd81ab719d3e2b335965925618.json',
        sha256: 'ba87c6ff5af0163862be13a69eca076b8bea03bd81ab719d3e2b335965925618',
        bytes: 2321,
      },
    },
  ],
};
