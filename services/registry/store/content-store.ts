import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { S3Location } from '#shared/kernel/s3-uri.ts';
import type { ContentStore, RecordedContent } from '../ports/content.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { entryKey, modelPk, nameKey } from './keys.ts';
import { atRevision, modelChanged } from './model-store.ts';

/**
 * `MODEL#<id>` / `CONTENT#<number>`: what was found behind a version, beside it.
 * `LOCATION#<bucket>/<key>` / `VERSION#<model>#<number>`: which versions an object belongs to, asked when it changes.
 */
const number = (modelVersion: number): string => String(modelVersion).padStart(10, '0');
const contentKey = (modelId: string, modelVersion: number): Key => ({
  pk: modelPk(modelId),
  sk: `CONTENT#${number(modelVersion)}`,
});
const locationPk = ({ bucket, key }: S3Location): string => `LOCATION#${bucket}/${key}`;

export function createContentStore(stored: Table): ContentStore {
  const table = versionedTable(stored, itemKinds);
  const modelIdOf = async (model: string): Promise<string> =>
    (await table.get<StoredItems['name']>(nameKey(model)))?.modelId ?? model;
  return {
    async readContent(model, modelVersion) {
      const key = contentKey(await modelIdOf(model), modelVersion);
      return (await table.get<StoredItems['content']>(key))?.recorded;
    },
    async saveContent(recorded, events, consumed) {
      const { model, modelVersion, location } = recorded;
      const ofLocation = location && {
        put: {
          pk: locationPk(location),
          sk: `VERSION#${model}#${number(modelVersion)}`,
          schemaVersion: 1,
          model,
          modelVersion,
        },
      };
      await table.commit({
        writes: [
          {
            put: contentItem(await modelIdOf(model), recorded),
            when: { absent: true },
            otherwise: contentRecorded(recorded),
          },
          ...(ofLocation ? [ofLocation] : []),
        ],
        events,
        consumed,
      });
    },
    async versionsAt(location) {
      const { items } = await table.query<StoredItems['location']>({
        pk: locationPk(location),
        skPrefix: 'VERSION#',
        consistent: true,
      });
      return items.map(({ model, modelVersion }) => ({ model, modelVersion }));
    },
    async saveQuarantine(recorded, events) {
      const modelId = await modelIdOf(recorded.model);
      const entry = await table.get<StoredItems['entry']>(entryKey(modelId, recorded.modelVersion));
      await table.commit({
        writes: [
          {
            put: contentItem(modelId, recorded),
            when: { equals: { isQuarantined: false } },
            otherwise: alreadyQuarantined(recorded),
          },
          ...(entry && entry.deletedAt === undefined ? [quarantiningWrite(entry, recorded)] : []),
        ],
        events,
      });
    },
  };
}

/** What clients of MLflow's API see of it. */
function quarantiningWrite(item: StoredItems['entry'], { model, quarantine }: RecordedContent): Write {
  const { revision, entry } = item;
  const reason = quarantine?.reason;
  return {
    put: { ...item, entry: { ...entry, status: 'QUARANTINED', reason }, revision: revision + 1 },
    when: atRevision({ revision }),
    otherwise: modelChanged({ name: model }),
  };
}

const contentItem = (modelId: string, recorded: RecordedContent) => ({
  ...contentKey(modelId, recorded.modelVersion),
  schemaVersion: 1 as const,
  recorded,
  isQuarantined: recorded.quarantine !== undefined,
});

const contentRecorded = ({ model, modelVersion }: RecordedContent): AppError =>
  new AppError(
    'already_exists',
    'ContentRecorded',
    `The content of version ${modelVersion} of '${model}' was recorded before.`,
  );

const alreadyQuarantined = ({ model, modelVersion }: RecordedContent): AppError =>
  new AppError(
    'already_exists',
    'AlreadyQuarantined',
    `Version ${modelVersion} of '${model}' is in quarantine already.`,
  );
