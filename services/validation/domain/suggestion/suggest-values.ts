import type { ColumnRule } from '#services/projects/contract.ts';
import type { ColumnProfile } from '../../contract.ts';
import { type ColumnInspection, textForms } from './inspection.ts';
import { figure, grouped, type Lines } from './lines.ts';

type Values = Partial<Pick<ColumnRule, 'min' | 'max' | 'allowed' | 'pattern' | 'minLength' | 'maxLength'>>;

/** Categories: at most so many, each coming so often on average. */
const maxTextCategories = 20;
const maxNumberCategories = 10;
const rowsPerCategory = 20;
/** A category that so small a share of the values has, among more values than these, may be a typing error. */
const rareShare = 0.002;
const rareAmong = 500;
/** With fewer values nothing is said about what is allowed. */
const minValues = 20;

/** What values a column may have: categories, else a range, a pattern or a length. */
export function suggestValues(
  path: string,
  column: ColumnInspection,
  type: ColumnRule['type'],
  isKey: boolean,
  lines: Lines,
): Values {
  const { profile } = column;
  if (profile.values < minValues) return {};
  if (profile.distinct === 1) {
    lines.warn(
      path,
      'All its values are equal: it says nothing about a row. Leave it out, or keep it for what may come.',
    );
    return {};
  }
  if (type !== profile.type) return {};
  const allowed = isKey ? undefined : categories(path, profile, type, lines);
  if (allowed) return { allowed };
  if (type === 'string') return pattern(path, column, lines) ?? length(path, profile, lines);
  return isKey || isIdentifier(profile) ? {} : range(path, profile, type, lines);
}

/** Whether a column names things rather than measuring them. */
export function isIdentifier({ name, type, values, distinct }: ColumnProfile): boolean {
  if (
    /(^|[^a-z])(id|uuid|guid|key|code|number|no|nr|zip|zipcode|postcode|plz|phone)$/i.test(name) ||
    /[a-z](Id|Key|Code|Uuid|Number)$/.test(name)
  )
    return true;
  return type === 'integer' && values >= 100 && distinct === values;
}

function categories(
  path: string,
  profile: ColumnProfile,
  type: ColumnRule['type'],
  lines: Lines,
): ColumnRule['allowed'] | undefined {
  const { topValues, values, distinct } = profile;
  const most = type === 'string' ? maxTextCategories : maxNumberCategories;
  if (
    !topValues ||
    type === 'boolean' ||
    type === 'timestamp' ||
    distinct > most ||
    values < rowsPerCategory * distinct
  )
    return undefined;
  const counted = topValues.reduce((sum, { count }) => sum + count, 0);
  if (counted < values || topValues.some(({ value }) => value.length > 100)) return undefined;
  const last = topValues.at(-1)!;
  lines.because(
    `${path}.allowed`,
    `${distinct} distinct values in ${grouped(values)}; the rarest, ${JSON.stringify(last.value)}, comes ${last.count} times`,
  );
  if (type === 'string' && values > rareAmong)
    for (const { value, count } of topValues)
      if (count <= rareShare * values)
        lines.warn(
          `${path}.allowed`,
          `${JSON.stringify(value)} comes only ${count} times in ${grouped(values)} values. Take it out if it is a typing error.`,
        );
  const isNumber = type !== 'string';
  const named = topValues.map(({ value }) => (isNumber ? Number(value) : value));
  return isNumber ? (named as number[]).sort((a, b) => a - b) : named.sort();
}

/** Room beyond what was seen: half of the observed spread on either side, no sign that was not seen, shares up to 1 and percentages up to 100. */
function range(path: string, profile: ColumnProfile, type: ColumnRule['type'], lines: Lines): Values {
  const { quantiles, values } = profile;
  if (type === 'boolean' || !quantiles) return {};
  if (type === 'timestamp') return earliest(path, profile, lines);
  const [least, first, last, greatest] = [quantiles[0]!, quantiles[1]!, quantiles.at(-2)!, quantiles.at(-1)!];
  const spread = greatest - least;
  const step = 10 ** Math.floor(Math.log10(spread) - 1);
  if (!Number.isFinite(step) || step === 0) return {};
  const low = roundTo(Math.floor, least - spread / 2, step);
  const high = roundTo(Math.ceil, greatest + spread / 2, step);
  const min = least >= 0 && low < 0 ? 0 : low;
  const max = greatest <= 0 && high > 0 ? 0 : least >= 0 ? capped(least, greatest, high) : high;
  if (type === 'integer' && !(Number.isSafeInteger(Math.floor(min)) && Number.isSafeInteger(Math.ceil(max))))
    return {};
  const ends = type === 'integer' ? { min: Math.floor(min), max: Math.ceil(max) } : { min, max };
  lines.because(
    `${path}.min`,
    `least value ${figure(least)}, 1st percentile ${figure(first)} of ${grouped(values)} values; widened by half the spread`,
  );
  lines.because(
    `${path}.max`,
    `greatest value ${figure(greatest)}, 99th percentile ${figure(last)} of ${grouped(values)} values; widened by half the spread`,
  );
  return ends;
}

/** What goes from nearly 0 to nearly 1 is a share, to nearly 100 a percentage. */
function capped(least: number, greatest: number, high: number): number {
  const whole = [1, 100].find((one) => greatest > 0.9 * one && greatest <= one && least < 0.1 * one);
  return whole ?? high;
}

const roundTo = (round: (value: number) => number, value: number, step: number): number =>
  Number((round(value / step) * step).toPrecision(12));

/** Time goes on, so only the beginning is held: the year before the first that was seen. */
function earliest(path: string, { min, values }: ColumnProfile, lines: Lines): Values {
  const year = min === undefined ? Number.NaN : new Date(min).getUTCFullYear() - 1;
  if (!(year >= 1000)) return {};
  lines.because(`${path}.min`, `earliest of ${grouped(values)} times is ${min}; a year before`);
  return { min: `${year}-01-01T00:00:00Z` };
}

const namedForms = {
  uuid: 'UUIDs',
  email: 'e-mail addresses',
  url: 'web addresses',
  ipv4: 'IP addresses',
  iban: 'bank accounts (IBAN)',
} as const;

function pattern(path: string, { profile, traits }: ColumnInspection, lines: Lines): Values | undefined {
  const { values } = profile;
  for (const [form, words] of Object.entries(namedForms))
    if (traits?.forms[form as keyof typeof namedForms] === values) {
      lines.because(`${path}.pattern`, `all ${grouped(values)} values are ${words}`);
      return { pattern: textForms[form as keyof typeof namedForms] };
    }
  if (traits?.pattern?.values !== values) return undefined;
  lines.because(`${path}.pattern`, `all ${grouped(values)} values have this form`);
  return { pattern: traits.pattern.pattern };
}

/** Texts of one length keep it; others may be twice as long. */
function length(path: string, { length: found, values }: ColumnProfile, lines: Lines): Values {
  if (!found || found.max === 0) return {};
  const seen = `${found.min} to ${found.max} characters in ${grouped(values)} values`;
  if (found.min === found.max) {
    lines.because(`${path}.minLength`, seen);
    lines.because(`${path}.maxLength`, seen);
    return { minLength: found.min, maxLength: found.max };
  }
  lines.because(`${path}.maxLength`, `${seen}; twice the longest`);
  return { maxLength: roundTo(Math.ceil, found.max * 2, 10) };
}
