import type { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureServiceVersion } from '../contract.ts';
import type { OnlineReader } from '../ports.ts';
import { cachedDefinitions } from '../store/cached-definitions.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { openOnlineStores } from '../store/online-stores.ts';

/** Reads versions of feature services and online values, by whoever may read the feature store's table. Nothing is written. */
export interface FeatureReader extends OnlineReader {
  /** Kept for ever once read. Throws FeatureServiceNotFound (not_found). */
  service(project: string, service: string, version: number): Promise<FeatureServiceVersion>;
}

/**
 * The published client of the feature store: apart from contract.ts, for it brings the SDK with it, and a page or a command line needs
 * none. Its callers may GetItem `SERVICE#*` and BatchGetItem `ONLINE#*` of the table, and BatchGetRecord of the stage's feature groups.
 */
export function createFeatureReader(from: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly featureGroups: SageMakerFeatureStoreRuntimeClient;
  readonly stage: string;
}): FeatureReader {
  const table = createTable(from.client, from.tableName);
  const online = openOnlineStores({ ...from, table });
  const definitions = cachedDefinitions(createDefinitionStore(table), systemClock);
  return {
    read: online.read,
    async service(project, service, version) {
      const found = await definitions.service(project, service, version);
      if (found) return found;
      throw new AppError(
        'not_found',
        'FeatureServiceNotFound',
        `Project '${project}' has no version ${version} of a feature service '${service}'. GET /v1/projects/${project}/features lists what there is.`,
      );
    },
  };
}
