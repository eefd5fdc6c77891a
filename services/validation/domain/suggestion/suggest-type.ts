import type { ColumnRule } from '#services/projects/contract.ts';
import type { ColumnInspection, TextTraits } from './inspection.ts';
import { grouped, type Lines, percent } from './lines.ts';

/** A type is suggested although so few values have another one. */
const minTypeShare = 0.995;
/** From here on a person is told that most values have a type that some have not. */
const minMixedShare = 0.8;

export type TypeLine = Pick<ColumnRule, 'type' | 'format'>;

/** A narrower type that next to all values of a text column have; undefined where there is none, or more than one way to read dates. */
export function narrowerType(values: number, traits: TextTraits): TypeLine | undefined {
  const [first, second] = datesOf(values, traits);
  if (first) return second ? undefined : { type: 'timestamp', format: first.format };
  return numbersOf(traits) >= minTypeShare * values ? { type: 'number' } : undefined;
}

/** The formats that most values are written in, next to all of them. */
function datesOf(values: number, { timestampFormats }: TextTraits): TextTraits['timestampFormats'] {
  const most = Math.max(0, ...timestampFormats.map((one) => one.values));
  return most >= minTypeShare * values ? timestampFormats.filter((one) => one.values === most) : [];
}

const numbersOf = ({ numbers = 0, forms }: TextTraits): number =>
  (forms.leadingZero ?? 0) > 0 ? 0 : numbers;

/** The type of a column: the narrowest that its values have, or next to all of them. */
export function suggestType(path: string, { profile, traits }: ColumnInspection, lines: Lines): TypeLine {
  const { values, inferredType } = profile;
  if (values === 0) {
    lines.because(`${path}.type`, 'no value at all', 0);
    lines.warn(path, 'It has no values. Say what type they will have, or leave the column out.');
    return { type: 'string' };
  }
  if (inferredType !== 'string' || !traits) {
    lines.because(
      `${path}.type`,
      `${grouped(values)} of ${grouped(values)} values are ${typeWords[inferredType]}`,
    );
    return { type: inferredType };
  }
  const narrower = narrowerType(values, traits);
  if (narrower?.format !== undefined) {
    const [dates] = datesOf(values, traits);
    const seen = `${grouped(dates!.values)} of ${grouped(values)} values are times written as ${narrower.format}`;
    lines.because(`${path}.type`, seen, dates!.values / values);
    lines.because(`${path}.format`, seen, dates!.values / values);
    return narrower;
  }
  warnOfMixture(path, values, traits, lines);
  if (!narrower) return texts(path, values, traits, lines);
  const numbers = numbersOf(traits);
  lines.because(
    `${path}.type`,
    `${grouped(numbers)} of ${grouped(values)} values are numbers`,
    numbers / values,
  );
  return narrower;
}

function warnOfMixture(path: string, values: number, traits: TextTraits, lines: Lines): void {
  const formats = datesOf(values, traits).map(({ format }) => format);
  const numbers = numbersOf(traits);
  if (formats.length > 1)
    lines.warn(
      path,
      `Its dates can be read as ${formats.join(' or ')}. Make it a timestamp with the format that is meant.`,
    );
  else if (numbers >= minMixedShare * values)
    lines.warn(
      path,
      `${grouped(values - numbers)} of ${grouped(values)} values are no numbers; the others are. Repair them, or name what stands for a missing value.`,
    );
}

function texts(path: string, values: number, traits: TextTraits, lines: Lines): TypeLine {
  const { leadingZero = 0, thousands = 0, decimalComma = 0, unit = 0 } = traits.forms;
  const digits = traits.forms.digits ?? 0;
  const isMost = (count: number) => count >= minMixedShare * values;
  if (leadingZero > 0 && isMost(digits))
    lines.because(
      `${path}.type`,
      `${grouped(leadingZero)} of ${grouped(values)} values have leading zeros, which numbers would lose`,
    );
  else lines.because(`${path}.type`, `${grouped(values)} values, of no narrower type`);
  if (isMost(unit))
    lines.warn(
      path,
      `Its values look like numbers with a unit. Write the unit into the column’s name and the numbers alone, so that they can be held against bounds.`,
    );
  else if (thousands + decimalComma > 0 && isMost(thousands + decimalComma + (traits.numbers ?? 0)))
    lines.warn(
      path,
      'Its values look like numbers with thousands separators or a decimal comma. Write them as 1234.5, so that they can be held against bounds.',
    );
  return { type: 'string' };
}

const typeWords: Readonly<Record<ColumnRule['type'], string>> = {
  integer: 'integers',
  number: 'numbers',
  boolean: 'true or false',
  timestamp: 'times as ISO 8601',
  string: 'text',
};
export const shareOf = (count: number, of: number): string =>
  `${grouped(count)} of ${grouped(of)} rows (${percent(of === 0 ? 0 : count / of)})`;
