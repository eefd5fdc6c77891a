import { open } from 'node:fs/promises';
import { columnsBeyondLimits } from '#shared/contracts/parts.ts';
import { columnTypeOf } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteText } from '#shared/duckdb/duckdb.ts';
import type { Inspection, LocalFile, Rejection } from '../ports.ts';

/** Begins and ends every Parquet file (Apache Parquet format, file layout). */
const magic = 'PAR1';

/** Decodes every value of a Parquet file: its columns, its rows, or why it cannot be read. */
export async function inspectParquet(database: DuckDb, file: LocalFile): Promise<Inspection> {
  const framed = await framing(file);
  if (framed) return { readable: false, rejection: framed };
  const relation = `read_parquet(${quoteText(file.path)})`;
  try {
    const described = await database.rows<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM ${relation}`,
    );
    const beyond = columnsBeyondLimits(described.map((column) => column.column_name));
    if (beyond) return unreadable(`The Parquet file is too wide: ${beyond}, then upload it again.`);
    await database.rows(`SELECT bit_xor(hash(COLUMNS(*))) FROM ${relation}`);
    const [count] = await database.rows<{ rows: bigint }>(`SELECT count(*) AS "rows" FROM ${relation}`);
    return {
      readable: true,
      rows: Number(count!.rows),
      columns: described.map((column) => ({
        name: column.column_name,
        type: columnTypeOf(column.column_type),
      })),
    };
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    return unreadable(
      `The Parquet file cannot be decoded: ${reason?.replaceAll(file.path, 'the file')} Write it again and upload it.`,
    );
  }
}

const unreadable = (message: string): Inspection => ({
  readable: false,
  rejection: { code: 'UnreadableUpload', message },
});

async function framing({ path, bytes }: LocalFile): Promise<Rejection | undefined> {
  const file = await open(path);
  try {
    const at = async (position: number) =>
      (await file.read(Buffer.alloc(magic.length), 0, magic.length, Math.max(0, position))).buffer.toString(
        'latin1',
      );
    if ((await at(0)) !== magic) {
      return {
        code: 'UnreadableUpload',
        message: 'The file is no Parquet file. Upload Parquet, or set data.format of the project to csv.',
      };
    }
    if ((await at(bytes - magic.length)) !== magic) {
      return {
        code: 'TruncatedUpload',
        message: 'The Parquet file has no end. Write the file whole and upload it again.',
      };
    }
    return undefined;
  } finally {
    await file.close();
  }
}
