import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import type { PackageStore } from '../ports/package-mirror.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** `PACKAGE#<project>` / `VERSION#<number>`: the package of a version in SageMaker's Model Registry. */
const packageKey = (project: string, modelVersion: number): Key => ({
  pk: `PACKAGE#${project}`,
  sk: `VERSION#${String(modelVersion).padStart(10, '0')}`,
});

export function createPackageStore(stored: Table): PackageStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async readPackage(project, modelVersion) {
      return (await table.get<StoredItems['package']>(packageKey(project, modelVersion)))?.packageArn;
    },
    savePackage: (project, modelVersion, packageArn) =>
      table.put({ ...packageKey(project, modelVersion), schemaVersion: 1, packageArn }),
  };
}
