import { mkdir, rm } from 'node:fs/promises';
import { downloadTo } from '#shared/aws/objects.ts';
import { prepareFile } from '#shared/data-files/prepare-file.ts';
import { relationSql, textOf } from '#shared/data-files/relation.ts';
import { sourceColumns } from '#shared/data-files/source-columns.ts';
import { quoteName } from '#shared/duckdb/duckdb.ts';
import type { ObjectReader } from '../comparing/compare-versions.ts';

/** Objects were measured when they came; what is read again here only must not fill the disk. */
const maxBytes = 8 * 1024 ** 3;

/** Reads a version's objects as they were found to be read when they came, every value as text. */
export const relationOfTexts: ObjectReader['relation'] = async (database, { reading, partition }, path) => {
  const folder = `${path}-prepared`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const file = { path: await prepareFile(path, reading, { folder, maxBytes }), reading };
  const own = (await sourceColumns(database, file)).map(({ name }) => name);
  const sql = relationSql({ ...file, columns: own, ...(partition ? { partition } : {}) });
  const columns = [...own, ...Object.keys(partition ?? {})];
  const texts = columns.map((name) => `${textOf(name)} AS ${quoteName(name)}`).join(', ');
  return { sql: `(SELECT ${texts} FROM ${sql})`, columns };
};

/** Objects of the data bucket. */
export const objectReader: ObjectReader = {
  download: (object, path) => downloadTo(object, path),
  relation: relationOfTexts,
};
