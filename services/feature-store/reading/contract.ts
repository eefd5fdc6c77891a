import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTable } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { type FeatureServiceVersion, featureServiceVersion } from '../contract.ts';
import type { OnlineReader } from '../ports.ts';
import { createOnlineValues } from '../store/online-values.ts';

/** Versions of feature services that a process keeps; they never change. */
const maxServices = 500;

/** Reads versions of feature services and online values, by whoever may read the feature store's table. Nothing is written. */
export interface FeatureReader extends OnlineReader {
  /** Kept for ever once read. Throws FeatureServiceNotFound (not_found). */
  service(project: string, service: string, version: number): Promise<FeatureServiceVersion>;
}

/** Where versions of a feature service lie, besides online values (`ONLINE#*`). */
const serviceKey = (project: string, service: string, version: number) => ({
  pk: `SERVICE#${project}#${service}`,
  sk: `V#${String(version).padStart(6, '0')}`,
});

/**
 * The published client of the feature store: apart from contract.ts, for it brings the SDK with it, and a page or a command line needs
 * none. Its callers may GetItem `SERVICE#*` and BatchGetItem `ONLINE#*` of the table.
 */
export function createFeatureReader(client: DynamoDBDocumentClient, tableName: string): FeatureReader {
  const table = createTable(client, tableName);
  const online = createOnlineValues(table);
  const services = new Map<string, FeatureServiceVersion>();
  return {
    read: online.read,
    async service(project, service, version) {
      const key = serviceKey(project, service, version);
      const name = `${key.pk}/${key.sk}`;
      const known = services.get(name);
      if (known) return known;
      const item = await table.get(key);
      if (!item) {
        throw new AppError(
          'not_found',
          'FeatureServiceNotFound',
          `Project '${project}' has no version ${version} of a feature service '${service}'. GET /v1/projects/${project}/features lists what there is.`,
        );
      }
      const read = featureServiceVersion.parse(item['definition']);
      if (services.size >= maxServices) services.clear();
      services.set(name, read);
      return read;
    },
  };
}
