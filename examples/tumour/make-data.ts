import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/**
 * Makes the parts of the example from data/source.csv, the same bytes each time: rows are dealt out by a seeded shuffle; the
 * "shifted" parts are measured by an imagined second scanner that reads sizes larger and textures coarser than the first.
 */

type Row = Record<string, string>;

/** Rows per part; together at most the 569 of the source. */
const parts = { firstUpload: 240, rows: 20, shiftedUpload: 209, shiftedRows: 100 } as const;
const seed = 20_261_121;

/** Mulberry32: a small seeded generator of uniform numbers in [0, 1). */
function uniform(state: number): () => number {
  let current = state;
  return () => {
    current = (current + 0x6d2b79f5) | 0;
    let mixed = Math.imul(current ^ (current >>> 15), current | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/** Factor by which the second scanner reads a column larger. */
function scannerFactor(column: string): number {
  if (/area/.test(column)) return 1.9;
  if (/radius|perimeter/.test(column)) return 1.4;
  if (/texture|smoothness|compactness/.test(column)) return 1.3;
  return 1;
}

function bySecondScanner(row: Row, random: () => number): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const factor = scannerFactor(column);
      if (factor === 1) return [column, value];
      const noisy = Number(value) * factor * (1 + (random() - 0.5) * 0.04);
      return [column, String(Number(noisy.toPrecision(5)))];
    }),
  );
}

function csv(rows: readonly Row[], columns: readonly string[]): string {
  return `${[columns.join(','), ...rows.map((row) => columns.map((column) => row[column]).join(','))].join('\n')}\n`;
}

const folder = new URL('./data/', import.meta.url);
const source: Row[] = parse(readFileSync(new URL('source.csv', folder)), { columns: true });
const columns = Object.keys(source[0]!);
const features = columns.filter((column) => column !== 'malignant');
const labels = ['sample_id', 'malignant'];
const random = uniform(seed);
const dealt = shuffled(source, random);
const take = (count: number) => dealt.splice(0, count);

const firstUpload = take(parts.firstUpload);
const rows = take(parts.rows);
const shiftedUpload = take(parts.shiftedUpload).map((row) => bySecondScanner(row, random));
const shiftedRows = take(parts.shiftedRows).map((row) => bySecondScanner(row, random));

const files: Record<string, string> = {
  'first-upload.csv': csv(firstUpload, columns),
  'rows.csv': csv(rows, features),
  'shifted-upload.csv': csv(shiftedUpload, columns),
  'shifted-rows.csv': csv(shiftedRows, features),
  'shifted-labels.csv': csv(shiftedRows, labels),
};
for (const [name, content] of Object.entries(files)) writeFileSync(new URL(name, folder), content);
