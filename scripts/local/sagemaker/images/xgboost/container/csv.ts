import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../trainer/dataset.ts';
import { UserError } from './user-error.ts';

const COMMA = 0x2c;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Rows of numbers from a CSV text; empty fields and `nan` are NaN. */
export interface NumericTable {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Row-major. */
  readonly values: Float32Array;
}

/**
 * Parses numeric CSV without header. Blank lines are skipped.
 * @param source named in errors.
 * @throws UserError naming line and column of what is not a number, or of a line with another number of columns.
 */
export function parseNumericCsv(bytes: Buffer, source: string): NumericTable {
  const values = new GrowingFloats(Math.max(64, bytes.length >> 2));
  let columnCount = 0;
  let rowCount = 0;
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    let end = bytes.indexOf(NEWLINE, start);
    if (end < 0) end = bytes.length;
    line++;
    const stop = bytes[end - 1] === CARRIAGE_RETURN && end > start ? end - 1 : end;
    if (stop > start) {
      const columns = parseLine(bytes, start, stop, values, `${source}, line ${line}`);
      if (rowCount === 0) columnCount = columns;
      if (columns !== columnCount)
        throw new UserError(
          `${source}, line ${line} has ${columns} columns, the lines before have ${columnCount}; every row needs the same number.`,
        );
      rowCount++;
    }
    start = end + 1;
  }
  return { rowCount, columnCount, values: values.take() };
}

function parseLine(bytes: Buffer, start: number, stop: number, out: GrowingFloats, where: string): number {
  let columns = 0;
  for (let at = start; at <= stop; ) {
    let end = at;
    while (end < stop && bytes[end] !== COMMA) end++;
    columns++;
    out.push(parseField(bytes.toString('latin1', at, end), where, columns));
    at = end + 1;
  }
  return columns;
}

function parseField(text: string, where: string, column: number): number {
  const value = Number(text);
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.toLowerCase() === 'nan') return Number.NaN;
  if (Number.isNaN(value))
    throw new UserError(
      `${where}, column ${column}: '${text.slice(0, 50)}' is not a number. CSV for XGBoost has no header and no text columns.`,
    );
  return value;
}

class GrowingFloats {
  #values: Float32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#values = new Float32Array(capacity);
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  take(): Float32Array {
    return this.#values.subarray(0, this.#length);
  }
}

/**
 * Loads all data files of a channel folder (names starting with `.` or `_` are skipped), label in the first column and,
 * with `csvWeights`, instance weight in the second.
 * @throws UserError when there is no row, or no feature column, or a label or weight is missing.
 */
export function loadChannel(folder: string, name: string, csvWeights: boolean): Dataset {
  const tables = dataFiles(folder).map((file) =>
    parseNumericCsv(readFileSync(file), `Channel ${name}, file ${file.slice(folder.length + 1)}`),
  );
  const filled = tables.filter((table) => table.rowCount > 0);
  const first = filled[0];
  if (first === undefined) throw new UserError(`No data in ${name} channel path ${folder}`);
  if (filled.some((table) => table.columnCount !== first.columnCount))
    throw new UserError(
      `The files of channel ${name} have different numbers of columns: ${filled.map((t) => t.columnCount).join(', ')}.`,
    );
  const lead = csvWeights ? 2 : 1;
  const featureCount = first.columnCount - lead;
  if (featureCount < 1)
    throw new UserError(
      `Channel ${name} has ${first.columnCount} columns; it needs the label${csvWeights ? ', the weight' : ''} and at least one feature.`,
    );
  return joinTables(filled, featureCount, lead, name);
}

function joinTables(
  tables: readonly NumericTable[],
  featureCount: number,
  lead: number,
  name: string,
): Dataset {
  const rowCount = tables.reduce((sum, table) => sum + table.rowCount, 0);
  const values = new Float32Array(rowCount * featureCount);
  const labels = new Float32Array(rowCount);
  const weights = new Float32Array(rowCount);
  let row = 0;
  for (const table of tables) {
    for (let start = 0; start < table.values.length; start += table.columnCount, row++) {
      labels[row] = table.values[start] as number;
      weights[row] = table.values[start + 1] as number;
      values.set(table.values.subarray(start + lead, start + table.columnCount), row * featureCount);
    }
  }
  const unlabelled = labels.findIndex(Number.isNaN);
  if (unlabelled >= 0)
    throw new UserError(`Row ${unlabelled + 1} of channel ${name} has no label in its first column.`);
  if (lead === 1) return { rowCount, featureCount, values, labels };
  const unweighted = weights.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (unweighted >= 0)
    throw new UserError(
      `Row ${unweighted + 1} of channel ${name} has the weight ${weights[unweighted]}; it must be 0 or more.`,
    );
  return { rowCount, featureCount, values, labels, weights };
}

function dataFiles(folder: string): string[] {
  const names = readdirSync(folder).sort();
  return names.flatMap((name) => {
    const path = join(folder, name);
    if (name.startsWith('.') || name.startsWith('_')) return [];
    return statSync(path).isDirectory() ? dataFiles(path) : [path];
  });
}
