import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { collect } from '#shared/kernel/collect.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { CaptureFile, CaptureFiles } from '../ports/capture-files.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** Predictions come off a stream that keeps them for a day: no file spans more. */
const longestSpanMs = 86_400_000;

const partition = (project: string) => `CAPTURES#${project}`;
const keyOf = ({ project, lastAt, object }: CaptureFile) => ({
  pk: partition(project),
  sk: `${lastAt}#${object.uri}`,
});

export function createCaptureFiles(stored: Table): CaptureFiles {
  const table = versionedTable(stored, itemKinds);
  const itemOf = (file: CaptureFile): StoredItems['captureFile'] => ({
    ...keyOf(file),
    schemaVersion: 1,
    ...file,
  });
  return {
    async add(file) {
      const isKnown = new AppError('already_exists', 'CaptureFileKnown', `${file.object.uri} is known.`);
      try {
        await table.put(itemOf(file), { when: { absent: true }, otherwise: isKnown });
      } catch (error) {
        if (error !== isKnown) throw error;
      }
    },
    async list(project, { from, to }) {
      const last = new Date(Date.parse(to) + longestSpanMs).toISOString();
      const found = await collect(
        everyItem<StoredItems['captureFile']>(table, {
          pk: partition(project),
          skBetween: [from, `${last}~`],
          consistent: true,
        }),
      );
      return found.filter(({ firstAt, count }) => firstAt <= to && count > 0).map(fileOf);
    },
    replace: (file) => table.put(itemOf(file)),
  };
}

const fileOf = ({
  project,
  modelVersion,
  object,
  count,
  firstAt,
  lastAt,
}: StoredItems['captureFile']): CaptureFile => ({ project, modelVersion, object, count, firstAt, lastAt });
