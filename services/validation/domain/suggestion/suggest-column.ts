import type { ColumnRule } from '#services/projects/contract.ts';
import type { ColumnInspection } from './inspection.ts';
import { grouped, type Lines } from './lines.ts';
import { personalData } from './personal-data.ts';
import { shareOf, suggestType } from './suggest-type.ts';
import { isIdentifier, suggestValues } from './suggest-values.ts';

/** With fewer values that none comes twice says little. */
const minUniqueValues = 100;

/** The rule of a column, as far as its values suggest one; evidence for sensitive columns names no values. */
export function suggestColumn(
  column: ColumnInspection,
  role: { readonly isKey: boolean },
  lines: Lines,
): Partial<ColumnRule> & Pick<ColumnRule, 'type'> {
  const { profile } = column;
  const path = `columns.${profile.name}`;
  const personal = personalData(column);
  const typed = suggestType(path, column, lines);
  const rows = profile.values + profile.missing;
  const nullable = profile.missing > 0 && !(role.isKey && profile.values > 0);
  lines.because(
    `${path}.nullable`,
    `no value in ${shareOf(profile.missing, rows)}`,
    nullable || rows === 0 ? 1 : profile.values / rows,
  );
  if (personal !== undefined) {
    lines.because(`${path}.sensitive`, personal);
    lines.warn(
      path,
      `Probably personal data: ${personal}. Its values are masked; leave the column out if no model needs it.`,
    );
  }
  const values = personal === undefined ? suggestValues(path, column, typed.type, role.isKey, lines) : {};
  if (profile.values > 0 && (column.traits?.forms.padded ?? 0) > 0)
    lines.warn(
      path,
      `${grouped(column.traits!.forms.padded!)} values begin or end with a space. Equal texts with and without are different values.`,
    );
  const isUnique =
    !role.isKey &&
    column.repeatedRows === 0 &&
    profile.values >= minUniqueValues &&
    isIdentifier(profile) &&
    (typed.type === 'string' || typed.type === 'integer');
  if (isUnique) lines.because(`${path}.unique`, `${grouped(profile.values)} values, none comes twice`);
  return {
    ...typed,
    ...(nullable ? { nullable } : {}),
    ...values,
    ...(isUnique ? { unique: true } : {}),
    ...(personal === undefined ? {} : { sensitive: true }),
  };
}
