import type { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import type { Table } from '#shared/aws/table.ts';
import type { MaterializedWriters } from '../ports.ts';
import { openOnlineStores } from './online-stores.ts';
import { createOnlineValues } from './online-values.ts';
import type { FeatureGroups } from './sagemaker-feature-group.ts';

export function createMaterializedWriters(of: {
  readonly table: Table;
  readonly featureGroups: SageMakerFeatureStoreRuntimeClient;
  readonly stage: string;
  readonly groups: FeatureGroups;
}): MaterializedWriters {
  const stores = openOnlineStores(of);
  const { putStates } = createOnlineValues(of.table);
  return {
    async of(view) {
      if (view.store === 'sagemaker') await of.groups.ensure(view);
      // Windows are in the table, whatever the store of other views.
      return { ...stores.writerOf(view), putStates };
    },
  };
}
