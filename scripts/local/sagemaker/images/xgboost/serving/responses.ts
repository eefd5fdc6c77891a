import { pythonFloat } from './python-float.ts';

const ACCEPTED = ['text/csv', 'application/json', 'application/jsonlines'];

/**
 * The media type to answer with.
 * @throws Error naming the type when the program cannot produce it.
 */
export function negotiateAccept(accept: string | undefined, byDefault: string): string {
  const type = (accept ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '' || type === '*/*') return byDefault;
  if (!ACCEPTED.includes(type))
    throw new Error(
      `Accept type ${accept} is not supported. Supported accept types: ${ACCEPTED.join(', ')}.`,
    );
  return type;
}

/** What the predictions of a request are made of. */
export interface Predictions {
  /** Row-major. */
  readonly values: Float32Array;
  /** Values per row. */
  readonly width: number;
}

/** One line per row, the values of a row joined by commas. */
export function renderCsv({ values, width }: Predictions): string {
  let text = '';
  for (let at = 0; at < values.length; at++) {
    text += pythonFloat(values[at] as number) + ((at + 1) % width === 0 ? '\n' : ',');
  }
  return text;
}

/** Answer of a batch transform: one line per row, several values of a row as a list in brackets, which is one CSV field less easily read but what the image writes. */
export function renderBatch(predictions: Predictions): string {
  if (predictions.width === 1) return renderCsv(predictions);
  const rows = splitRows(predictions).map((row) => `[${row.map(pythonFloat).join(', ')}]\n`);
  return rows.join('');
}

/** `{"predictions": [{"score": …}, …]}`; the score is a list where a row has several values. */
export function renderJson(predictions: Predictions): string {
  return `{"predictions": [${scores(predictions).join(', ')}]}`;
}

/** One score object per line. */
export function renderJsonLines(predictions: Predictions): string {
  return scores(predictions)
    .map((score) => `${score}\n`)
    .join('');
}

function scores(predictions: Predictions): string[] {
  return splitRows(predictions).map((row) => {
    const values = row.map(pythonFloat);
    return `{"score": ${predictions.width === 1 ? values[0] : `[${values.join(', ')}]`}}`;
  });
}

function splitRows({ values, width }: Predictions): number[][] {
  return Array.from({ length: values.length / width }, (_, row) => [
    ...values.subarray(row * width, (row + 1) * width),
  ]);
}
