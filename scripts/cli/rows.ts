import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { CliFailure, exitCodes } from './failure.ts';

export type Row = Readonly<Record<string, string>>;
export type Value = string | number | boolean | null;

/** Reads a local file; says which one is missing. */
export function readLocalFile(path: string): Buffer {
  if (!existsSync(path))
    throw new CliFailure(
      exitCodes.usage,
      `There is no file '${path}'. Name a file that can be read from this folder.`,
    );
  return readFileSync(path);
}

/** Rows of a CSV file with a header line. */
export function readCsv(path: string): Row[] {
  const content = readLocalFile(path);
  try {
    const rows = parse(content, { columns: true, skip_empty_lines: true, bom: true }) as Row[];
    if (rows.length === 0) throw new Error('it has no rows below the header');
    return rows;
  } catch (error) {
    throw new CliFailure(
      exitCodes.usage,
      `'${path}' is not a CSV file with a header line: ${(error as Error).message}`,
    );
  }
}

/** A cell as the project’s column type wants it; what does not fit stays text, for the platform to name. */
export function typedCell(cell: string, type: string): Value {
  if (cell === '') return null;
  if (type === 'number' || type === 'integer') return Number.isFinite(Number(cell)) ? Number(cell) : cell;
  if (type === 'boolean') return cell === 'true' ? true : cell === 'false' ? false : cell;
  return cell;
}

/** One CSV line; quotes where the content needs it. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells
    .map((cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell)))
    .join(',');
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_none, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
