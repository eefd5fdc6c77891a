import type { ColumnInspection, DatasetInspection } from './inspection.ts';
import { grouped, type Lines } from './lines.ts';
import { isIdentifier } from './suggest-values.ts';

/** The column that identifies a row: the project's, else the first that does, best one that is named like an identifier. Says how sound it is. */
export function choosePrimaryKey(
  { columns, rows }: DatasetInspection,
  given: string | undefined,
  lines: Lines,
): string {
  const isSound = ({ profile, repeatedRows }: ColumnInspection) =>
    rows > 0 &&
    profile.missing === 0 &&
    repeatedRows === 0 &&
    (profile.inferredType === 'string' || profile.inferredType === 'integer');
  const sound = columns.filter(isSound);
  const chosen =
    columns.find(({ profile }) => profile.name === given) ??
    sound.find(({ profile }) => isIdentifier(profile)) ??
    sound[0] ??
    columns.find(({ profile }) => isIdentifier(profile)) ??
    columns[0]!;
  const { profile, repeatedRows } = chosen;
  const { name, values, missing, distinct } = profile;
  if (given !== undefined && given !== name)
    lines.warn(
      'primaryKey',
      `There is no column '${given}', which the project names as primary key; '${name}' is suggested instead.`,
    );
  const repeated = repeatedRows ?? values - distinct;
  lines.because(
    'primaryKey',
    `${grouped(values - repeated)} of ${grouped(rows)} rows have a value of '${name}' that no other row has`,
    rows === 0 ? 0 : (values - repeated) / rows,
  );
  if (missing > 0)
    lines.warn(
      'primaryKey',
      `${grouped(missing)} rows have no value of '${name}'; they will be quarantined.`,
    );
  if (repeated > 0)
    lines.warn(
      'primaryKey',
      `${grouped(repeated)} rows share their value of '${name}' with another; they will be quarantined. Choose another column, or remove the repetitions.`,
    );
  return name;
}
