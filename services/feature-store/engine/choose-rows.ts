import { availableAtColumn } from '#services/validation/contract.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { ChooseRows, ChosenRows, TrainingSetPart } from '../ports.ts';

type Choice = Pick<ChooseRows, 'columns' | 'task' | 'split' | 'asOf' | 'service'>;

export const trainingSetParts = [
  'train',
  'validation',
  'testFeatures',
  'testLabels',
  'trainFeatures',
] as const satisfies readonly TrainingSetPart[];

/** 52 bits of the hash: as many as a double holds without rounding. */
const hashDigits = 13;

/**
 * Makes the table `chosen` of a validated file: `part`, `place` (the order of rows), `key`, `label` and the features `f0`, `f1`, …; where a
 * feature service is asked, also what it is asked with: the time `happened_at`, and `a0`, `a1`, …
 * Of the rows that were known at `asOf` (and had happened, where there is an event time) the newest per key is taken; of rows
 * that came at one instant, the later in the file. A row without a target is left out after that, so that it hides older ones.
 * A row's part follows from the hash of seed and key alone, so that it stays there whatever rows come.
 */
export async function chooseRows(database: DuckDb, path: string, choice: Choice): Promise<void> {
  const { columns, split, asOf, service } = choice;
  const key = `CAST(${quoteName(columns.primaryKey)} AS VARCHAR)`;
  const happened =
    columns.eventTime === undefined ? '' : ` AND ${quoteName(columns.eventTime)} <= $1::TIMESTAMPTZ`;
  const features = columns.features.map(({ name, type }, index) => {
    const value = quoteName(name);
    return `${type === 'boolean' ? `CAST(${value} AS INTEGER)` : value} AS f${index}`;
  });
  const asked = service
    ? [
        `${quoteName(service.columns.eventTime)} AS happened_at`,
        ...service.columns.asked.map((name, index) => `${quoteName(name)} AS a${index}`),
      ]
    : [];
  const place = `CAST('0x' || substr(sha256(${quoteText(`${split.seed}:`)} || ${key}), 1, ${hashDigits}) AS BIGINT) / ${2 ** 52}::DOUBLE`;
  await database.run(
    `CREATE TABLE chosen AS
     SELECT CASE WHEN place < ${split.train} THEN 'train' WHEN place < ${split.train + split.validation} THEN 'validation' ELSE 'test' END AS part, *
     FROM (
       SELECT ${place} AS place, ${key} AS key, ${[`${labelOf(choice)} AS label`, ...features, ...asked].join(', ')}
       FROM read_parquet(${quoteText(path)}, file_row_number = true)
       WHERE ${quoteName(availableAtColumn)} <= $1::TIMESTAMPTZ${happened}
       QUALIFY row_number() OVER (PARTITION BY ${quoteName(columns.primaryKey)} ORDER BY ${quoteName(availableAtColumn)} DESC, file_row_number DESC) = 1
     )
     WHERE label IS NOT NULL`,
    [asOf],
  );
}

/** A number for regression; else the class as text, whole numbers without a fraction. */
function labelOf({ columns, task }: Choice): string {
  const target = quoteName(columns.target.name);
  if (task === 'regression') return `CAST(${target} AS DOUBLE)`;
  if (columns.target.type !== 'number') return `CAST(${target} AS VARCHAR)`;
  return `CASE WHEN ${target} = trunc(${target}) AND abs(${target}) < 1e15 THEN CAST(CAST(${target} AS BIGINT) AS VARCHAR) ELSE CAST(${target} AS VARCHAR) END`;
}

/** How many rows each part has, and which classes stand in them. */
export async function describeChosen(
  database: DuckDb,
  { task }: Choice,
): Promise<Pick<ChosenRows, 'rows' | 'labels'>> {
  const counts = await database.rows<{ part: string; rows: bigint }>(
    'SELECT part, count(*) AS "rows" FROM chosen GROUP BY part',
  );
  const rowsOf = (part: string) => Number(counts.find((count) => count.part === part)?.rows ?? 0);
  const rows = { train: rowsOf('train'), validation: rowsOf('validation'), test: rowsOf('test') };
  if (task === 'regression') return { rows, labels: { all: [], train: [] } };
  const labels = await database.rows<{ label: string; trained: boolean }>(
    "SELECT label, bool_or(part = 'train') AS trained FROM chosen GROUP BY label ORDER BY label",
  );
  return {
    rows,
    labels: {
      all: labels.map(({ label }) => label),
      train: labels.filter(({ trained }) => trained).map(({ label }) => label),
    },
  };
}

/** Writes one part as CSV without a header; a missing value is an empty field. The same rows give the same bytes. */
export async function writePart(
  database: DuckDb,
  part: TrainingSetPart,
  { columns, task, service }: Choice,
  classes: readonly string[],
  path: string,
): Promise<void> {
  const label =
    task === 'regression' ? 'label' : `list_position([${classes.map(quoteText).join(', ')}], label) - 1`;
  const inputs = [...columns.features, ...(service?.columns.outputs ?? [])];
  const features = inputs.map((_, index) => `f${index}`).join(', ');
  const { from, values } = {
    train: { from: 'train', values: `${label}, ${features}` },
    validation: { from: 'validation', values: `${label}, ${features}` },
    testFeatures: { from: 'test', values: features },
    testLabels: { from: 'test', values: `${label}, key` },
    trainFeatures: { from: 'train', values: features },
  }[part];
  await database.run(
    `COPY (SELECT ${values} FROM chosen WHERE part = '${from}' ORDER BY place, key) TO ${quoteText(path)} (FORMAT csv, HEADER false, NULLSTR '')`,
  );
}
