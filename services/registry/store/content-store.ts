import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { S3Location } from '#shared/kernel/s3-uri.ts';
import type { ContentStore, RecordedContent } from '../ports/content.ts';
import { itemKinds, type StoredItems } from './items.ts';

/**
 * `MODEL#<model>` / `CONTENT#<number>`: what was found behind a version, beside it.
 * `LOCATION#<bucket>/<key>` / `VERSION#<model>#<number>`: which versions an object belongs to, asked when it changes.
 */
const number = (modelVersion: number): string => String(modelVersion).padStart(10, '0');
const contentKey = (model: string, modelVersion: number): Key => ({
  pk: `MODEL#${model}`,
  sk: `CONTENT#${number(modelVersion)}`,
});
const locationPk = ({ bucket, key }: S3Location): string => `LOCATION#${bucket}/${key}`;

export function createContentStore(stored: Table): ContentStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async readContent(model, modelVersion) {
      return (await table.get<StoredItems['content']>(contentKey(model, modelVersion)))?.recorded;
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
      return items.map(({ model, modelVersion }) => ({ model, modelVersion }));
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
  ...contentKey(recorded.model, recorded.modelVersion),
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
