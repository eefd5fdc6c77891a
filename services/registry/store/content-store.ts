import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { S3Location } from '#shared/kernel/s3-uri.ts';
import type { ContentStore, RecordedContent } from '../ports/content.ts';
import { everyItem } from './every.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { modelPk } from './keys.ts';

/**
 * `MODEL#<id>` / `CONTENT#<number>`: what was found behind a version, beside it.
 * `LOCATION#<bucket>/<key>` / `VERSION#<id>#<number>`: which versions an object belongs to, asked when it changes.
 */
const number = (modelVersion: number): string => String(modelVersion).padStart(10, '0');
const contentKey = (modelId: string, modelVersion: number): Key => ({
  pk: modelPk(modelId),
  sk: `CONTENT#${number(modelVersion)}`,
});
const locationPk = ({ bucket, key }: S3Location): string => `LOCATION#${bucket}/${key}`;

export function createContentStore(stored: Table): ContentStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async readContent(modelId, modelVersion) {
      return (await table.get<StoredItems['content']>(contentKey(modelId, modelVersion)))?.recorded;
    },
    async contentsBetween(modelId, first, last) {
      const items = await everyItem<StoredItems['content']>(table, {
        pk: modelPk(modelId),
        skBetween: [contentKey(modelId, first).sk, contentKey(modelId, last).sk],
        consistent: true,
      });
      return items.map(({ recorded }) => recorded);
    },
    async saveContent(recorded, events, consumed) {
      const { modelId, modelVersion, location } = recorded;
      const ofLocation = location && {
        put: {
          pk: locationPk(location),
          sk: `VERSION#${modelId}#${number(modelVersion)}`,
          schemaVersion: 1,
          modelId,
          modelVersion,
        },
      };
      await table.commit({
        writes: [
          { put: contentItem(recorded), when: { absent: true }, otherwise: contentRecorded(recorded) },
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
      return items.map(({ modelId, modelVersion }) => ({ modelId, modelVersion }));
    },
    saveQuarantine: (recorded, events) =>
      table.commit({
        writes: [
          {
            put: contentItem(recorded),
            when: { equals: { isQuarantined: false } },
            otherwise: alreadyQuarantined(recorded),
          },
        ],
        events,
      }),
  };
}

const contentItem = (recorded: RecordedContent) => ({
  ...contentKey(recorded.modelId, recorded.modelVersion),
  schemaVersion: 1 as const,
  recorded,
  isQuarantined: recorded.quarantine !== undefined,
});

const contentRecorded = ({ modelId, modelVersion }: RecordedContent): AppError =>
  new AppError(
    'already_exists',
    'ContentRecorded',
    `The content of version ${modelVersion} of '${modelId}' was recorded before.`,
  );

const alreadyQuarantined = ({ modelId, modelVersion }: RecordedContent): AppError =>
  new AppError(
    'already_exists',
    'AlreadyQuarantined',
    `Version ${modelVersion} of '${modelId}' is in quarantine already.`,
  );
