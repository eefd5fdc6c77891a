import type { FeatureValue, FeatureViewVersion } from '../contract.ts';
import { relationOf } from '../domain/entity-views.ts';
import { isErasedRecord } from '../domain/erased-records.ts';
import { afterAll } from '../domain/rank.ts';
import { entityOf } from '../domain/record-values.ts';
import type {
  DefinitionStore,
  FeatureErasureRecord,
  LandingRecord,
  OnlineWriter,
  RecordItems,
} from '../ports.ts';

export interface ForgetRecordsDeps {
  readonly definitions: Pick<DefinitionStore, 'viewVersions'>;
  readonly recordItems: RecordItems;
  /** Of views of streams. */
  readonly online: Pick<OnlineWriter, 'delete'>;
}

/** Takes records of erased entities out of those of a view, with what the erasure could not find of them, and answers the others. */
export async function forgetRecords(
  deps: ForgetRecordsDeps,
  records: readonly LandingRecord[],
  erasures: readonly FeatureErasureRecord[],
): Promise<readonly LandingRecord[]> {
  const erased = new Set<LandingRecord>();
  for (const erasure of erasures) {
    const own = records.filter((record) => isErasedRecord(record, erasure));
    if (own.length === 0) continue;
    const { project, view } = own[0]!;
    for (const version of await deps.definitions.viewVersions(project, view))
      if (relationOf(version, erasure.joinKeys) === 'among-others') await deleteOnline(deps, version, own);
    const ids = own.map(({ recordId }) => recordId);
    await deps.recordItems.forget(project, view, ids);
    for (const record of own) erased.add(record);
  }
  return records.filter((record) => !erased.has(record));
}

/** Of entities that only the records tell: an erasure deletes those that its keys name. */
async function deleteOnline(
  { online }: ForgetRecordsDeps,
  version: FeatureViewVersion,
  records: readonly LandingRecord[],
): Promise<void> {
  const keys = records.flatMap(({ line }) => {
    const key = entityOf(version, { values: JSON.parse(line) as Record<string, FeatureValue> });
    return key ? [{ key, ...afterAll }] : [];
  });
  await online.delete(version, keys);
}
