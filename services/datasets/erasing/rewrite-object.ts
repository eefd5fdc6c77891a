import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { decompress } from '#shared/data-files/decompress.ts';
import type { FileReading } from '#shared/data-files/reading.ts';
import { typedValue } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName, quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import type { ObjectReader } from '../comparing/compare-versions.ts';
import type { ObjectRelation } from '../comparing/rows-table.ts';
import type { ManifestObject } from '../contract.ts';
import type { ErasedKeys, ObjectRewriter, RewrittenObject } from '../ports/versions.ts';
import { DropRecords, type RecordCut } from './drop-records.ts';

export interface RewriterSettings {
  readonly functionMemoryMb: number;
  readonly reader: ObjectReader;
  /** Puts a file of a reading at its content address. */
  readonly keep: (project: string, path: string, reading: FileReading) => Promise<StoredObject>;
}

/**
 * Rewrites objects by way of local disk. Text files lose the records' bytes and no other; Parquet keeps its types and compression. What
 * was written is read once more: it must hold every other row and none of the keys, else the object becomes Parquet of texts.
 */
export function createObjectRewriter(settings: RewriterSettings): ObjectRewriter {
  return {
    withoutRows: (project, object, keys) =>
      withScratchFolder(async (folder) => {
        const before = join(folder, 'before');
        await settings.reader.download(object, before);
        return withDuckDb({ folder, functionMemoryMb: settings.functionMemoryMb }, (database) =>
          rewrite({ settings, database, folder, before, object, keys }, project),
        );
      }),
  };
}

interface Work {
  readonly settings: RewriterSettings;
  readonly database: DuckDb;
  readonly folder: string;
  readonly before: string;
  readonly object: ManifestObject;
  readonly keys: ErasedKeys;
}

async function rewrite(work: Work, project: string): Promise<RewrittenObject> {
  const { settings, database, before, object, keys } = work;
  const relation = await settings.reader.relation(database, object, before);
  if (!relation.columns.includes(keys.primaryKey)) return { rowsErased: 0, lacksKey: true };
  await database.run('CREATE TABLE erased (key VARCHAR, position BIGINT)');
  await database.run('CREATE TABLE keys (key VARCHAR)');
  for (const key of keys.primaryKeys) await database.run('INSERT INTO keys VALUES ($1)', [key]);
  await database.run(
    `INSERT INTO erased SELECT key, position FROM (SELECT row_number() OVER () AS position, ${quoteName(keys.primaryKey)} AS key FROM ${relation.sql}) WHERE ${isErased('key', keys)}`,
  );
  const positions = (await database.rows<{ position: bigint }>('SELECT position FROM erased')).map(
    ({ position }) => Number(position),
  );
  const rowsErased = positions.length;
  if (rowsErased === 0) return { rowsErased: 0 };
  if (rowsErased === object.rows) return { rowsErased };
  const wanted = await sumOf(
    database,
    relation,
    `WHERE NOT coalesce(${isErased(quoteName(keys.primaryKey), keys)}, false)`,
  );
  const own = await inOwnFormat(work, new Set(positions));
  const written = (await isSound(work, own, wanted)) ? own : await asParquetOfTexts(work, relation);
  if (written !== own && !(await isSound(work, written, wanted)))
    throw new Error(`The object ${object.sha256} cannot be rewritten: its other rows did not stay the same.`);
  const stored = await settings.keep(project, written.path, written.reading);
  const after = { ...object, ...stored, rows: object.rows - rowsErased, reading: written.reading };
  return { rowsErased, after };
}

/** Whether a text is one of the keys, as written or, where the column is no text, as a value. */
function isErased(text: string, { type }: ErasedKeys): string {
  const asText = `${text} IN (SELECT key FROM keys)`;
  if (type === 'string') return asText;
  return `(${asText} OR ${typedValue(text, type)} IN (SELECT ${typedValue('key', type)} FROM keys WHERE ${typedValue('key', type)} IS NOT NULL))`;
}

interface Written {
  readonly path: string;
  readonly reading: FileReading;
}

/** Count and order-independent sum of rows: equal ones are the same rows. */
interface RowSum {
  readonly rows: bigint;
  readonly sum: bigint;
}

async function sumOf(database: DuckDb, { sql, columns }: ObjectRelation, where = ''): Promise<RowSum> {
  const [sum] = await database.rows<RowSum>(
    `SELECT count(*) AS rows, coalesce(sum(CAST(hash(${columns.map(quoteName).join(', ')}) AS HUGEINT)), 0) AS sum FROM ${sql} ${where}`,
  );
  return sum!;
}

/** Whether a file has exactly the wanted rows, which hold none of the keys. */
async function isSound(work: Work, { path, reading }: Written, wanted: RowSum): Promise<boolean> {
  const { settings, database, object } = work;
  try {
    const relation = await settings.reader.relation(database, { ...object, reading }, path);
    const { rows, sum } = await sumOf(database, relation);
    return rows === wanted.rows && sum === wanted.sum;
  } catch {
    return false;
  }
}

async function inOwnFormat(work: Work, positions: ReadonlySet<number>): Promise<Written> {
  const { database, folder, before, object } = work;
  const { reading } = object;
  const path = join(folder, 'after');
  if (reading.format === 'parquet') {
    await database.run(
      `COPY (SELECT * EXCLUDE (file_row_number) FROM read_parquet(${quoteText(before)}, file_row_number = true)
        WHERE file_row_number + 1 NOT IN (SELECT position FROM erased)) TO ${quoteText(path)}
        (FORMAT parquet, COMPRESSION ${await codecOf(database, before)})`,
    );
    return { path, reading };
  }
  const plain = reading.compression ? join(folder, 'plain') : before;
  if (reading.compression) await decompress(before, reading.compression, { target: plain, maxBytes });
  await pipeline([
    createReadStream(plain),
    new DropRecords(positions, cutOf(reading)),
    ...(reading.compression ? [compressors[reading.compression]()] : []),
    createWriteStream(path),
  ]);
  return { path, reading };
}

const compressors = { gzip: createGzip, zstd: createZstdCompress } as const;
/** The object was measured when it came: it only must not fill the disk. */
const maxBytes = 8 * 1024 ** 3;

function cutOf(reading: Extract<FileReading, { format: 'csv' | 'jsonl' }>): RecordCut {
  const unit =
    reading.encoding === 'utf-16le'
      ? 'two-little-endian'
      : reading.encoding === 'utf-16be'
        ? 'two-big-endian'
        : 'one';
  return reading.format === 'csv'
    ? { unit, quote: reading.quote, hasHeader: true }
    : { unit, hasHeader: false };
}

/** Compressions that DuckDB writes; files with others become zstd. */
const writtenCodecs = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW'];
async function codecOf(database: DuckDb, path: string): Promise<string> {
  const [first] = await database.rows<{ compression: string }>(
    `SELECT compression FROM parquet_metadata(${quoteText(path)}) LIMIT 1`,
  );
  return first && writtenCodecs.includes(first.compression) ? first.compression : 'ZSTD';
}

async function asParquetOfTexts(
  { database, folder, keys }: Work,
  relation: ObjectRelation,
): Promise<Written> {
  const path = join(folder, 'after.parquet');
  await database.run(
    `COPY (SELECT ${relation.columns.map(quoteName).join(', ')} FROM ${relation.sql}
      WHERE NOT coalesce(${isErased(quoteName(keys.primaryKey), keys)}, false)) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION ZSTD)`,
  );
  return { path, reading: { format: 'parquet' } };
}
