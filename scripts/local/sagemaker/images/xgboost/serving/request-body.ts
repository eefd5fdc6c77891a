import { parseNumericCsv } from '../container/csv.ts';

/** Rows to predict. */
export interface Rows {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Row-major; missing as NaN. */
  readonly values: Float32Array;
}

const CSV_TYPES = ['text/csv', 'csv'];
const LIBSVM_TYPES = ['text/libsvm', 'text/x-libsvm', 'libsvm'];

/**
 * Reads the rows of an invocation.
 * @param featureCount number of features of the model, which sparse rows are spread to.
 * @throws Error naming the content type, or the line that cannot be read.
 */
export function parseRows(body: Buffer, contentType: string | undefined, featureCount: number): Rows {
  const type = (contentType ?? 'text/csv').split(';')[0]?.trim().toLowerCase() ?? '';
  if (CSV_TYPES.includes(type)) return parseNumericCsv(body, 'The request');
  if (LIBSVM_TYPES.includes(type)) return parseLibsvm(body.toString('utf8'), featureCount);
  throw new Error(
    `Content-type ${contentType} is not supported. Supported content-types: ${[CSV_TYPES[0], LIBSVM_TYPES[0]].join(', ')}.`,
  );
}

/** Sparse rows `index:value …`, an optional label first; indices from 1 unless a 0 occurs. Absent values are missing. */
function parseLibsvm(text: string, featureCount: number): Rows {
  const lines = text.trim().split('\n');
  const rows = lines.map((line, number) =>
    line
      .trim()
      .split(/\s+/)
      .filter((token) => token.includes(':'))
      .map((token) => parsePair(token, number + 1)),
  );
  const offset = rows.some((row) => row.some(([index]) => index === 0)) ? 0 : 1;
  const values = new Float32Array(rows.length * featureCount).fill(Number.NaN);
  rows.forEach((row, at) => {
    for (const [index, value] of row) {
      if (index - offset >= featureCount)
        throw new Error(
          `The request, line ${at + 1}: feature ${index} is beyond the model's ${featureCount} features.`,
        );
      values[at * featureCount + index - offset] = value;
    }
  });
  return { rowCount: rows.length, columnCount: featureCount, values };
}

function parsePair(token: string, line: number): [number, number] {
  const [index, value] = token.split(':').map(Number) as [number, number];
  if (!Number.isInteger(index) || index < 0 || Number.isNaN(value))
    throw new Error(`The request, line ${line}: '${token.slice(0, 50)}' is not index:value.`);
  return [index, value];
}
