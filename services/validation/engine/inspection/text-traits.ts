import { typedValue } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteText } from '#shared/duckdb/duckdb.ts';
import { type TextForm, type TextTraits, textForms } from '../../domain/suggestion/inspection.ts';
import { textPattern } from '../../domain/suggestion/text-pattern.ts';
import type { Batch, ColumnSource } from '../profile/column-source.ts';

/** How dates are written where they are not ISO 8601, in strftime's letters. */
const formats = ['.', '/', '-']
  .flatMap((mark) =>
    [
      `%d${mark}%m${mark}%Y`,
      `%m${mark}%d${mark}%Y`,
      `%d${mark}%m${mark}%y`,
      ...(mark === '-' ? [] : [`%Y${mark}%m${mark}%d`]),
    ].flatMap((day) => [day, `${day} %H:%M`, `${day} %H:%M:%S`]),
  )
  .concat('%d %b %Y', '%d %B %Y', '%b %d, %Y', '%B %d, %Y', '%d-%b-%Y');
/** A form, or numbers, are looked for in all rows when so large a share of a sample has it. */
const minFormShare = 0.01;
const minPatternShare = 0.99;
const maxShapes = 200;

const parses = (text: string, format: string): string =>
  `count(*) FILTER (year(try_strptime(${text}, ${quoteText(format)})) >= 1000)`;
const isOfForm = (text: string, form: TextForm): string =>
  `count(*) FILTER (regexp_full_match(${text}, ${quoteText(textForms[form])}))`;
const isNumber = (text: string): string => `count(${typedValue(text, 'number')})`;

/** Looks at the texts of a sample, and counts in all rows what seems to be so. */
export async function readTextTraits(
  database: DuckDb,
  { rows }: Batch,
  sample: string,
  sources: readonly ColumnSource[],
): Promise<TextTraits[]> {
  const seen = await countTraits(database, sample, sources, () => everyTrait);
  const patterns = await samplePatterns(database, sample, sources);
  const likely = seen.map((counts, place) => ({
    ...everyTrait,
    forms: everyTrait.forms.filter((form) => counts.forms[form]! >= minFormShare * counts.values),
    numbers: counts.numbers >= minFormShare * counts.values,
    formats: everyTrait.formats.filter(
      (format) => counts.formats[format]! >= minPatternShare * counts.values,
    ),
    pattern: patterns[place],
  }));
  const found = await countTraits(database, rows, sources, (place) => likely[place]!);
  return found.map((counts, place) => {
    const pattern = likely[place]!.pattern;
    return {
      forms: counts.forms,
      ...(likely[place]!.numbers ? { numbers: counts.numbers } : {}),
      timestampFormats: Object.entries(counts.formats).map(([format, values]) => ({ format, values })),
      ...(pattern === undefined ? {} : { pattern: { pattern, values: counts.pattern } }),
    };
  });
}

interface Wanted {
  readonly forms: readonly TextForm[];
  readonly numbers: boolean;
  readonly formats: readonly string[];
  readonly pattern?: string | undefined;
}
const everyTrait: Wanted = { forms: Object.keys(textForms) as TextForm[], numbers: true, formats };

interface TraitCounts {
  readonly values: number;
  readonly numbers: number;
  readonly pattern: number;
  readonly forms: Partial<Record<TextForm, number>>;
  readonly formats: Record<string, number>;
}

async function countTraits(
  database: DuckDb,
  rows: string,
  sources: readonly ColumnSource[],
  wantedOf: (place: number) => Wanted,
): Promise<TraitCounts[]> {
  const counts = sources.flatMap(({ sql }, place) => {
    const { forms, numbers, formats, pattern } = wantedOf(place);
    return [
      `count(${sql})`,
      numbers ? isNumber(sql) : '0',
      pattern === undefined ? '0' : `count(*) FILTER (regexp_full_match(${sql}, ${quoteText(pattern)}))`,
      ...forms.map((form) => isOfForm(sql, form)),
      ...formats.map((format) => parses(sql, format)),
    ];
  });
  const [counted] = await database.rows<Record<string, bigint | number>>(
    `SELECT ${counts.map((count, index) => `${count} AS n${index}`).join(', ')} FROM ${rows}`,
  );
  let index = 0;
  const next = () => Number(counted![`n${index++}`]);
  return sources.map((_source, place) => {
    const { forms, formats } = wantedOf(place);
    const [values, numbers, pattern] = [next(), next(), next()];
    return {
      values,
      numbers,
      pattern,
      forms: Object.fromEntries(forms.map((form) => [form, next()])),
      formats: Object.fromEntries(formats.map((format) => [format, next()])),
    };
  });
}

/** Of texts with letters and digits replaced by one of each kind there are few, where a column holds codes. */
async function samplePatterns(
  database: DuckDb,
  sample: string,
  sources: readonly ColumnSource[],
): Promise<(string | undefined)[]> {
  const shape = (sql: string) =>
    `regexp_replace(regexp_replace(regexp_replace(${sql}, '[A-Z]', 'A', 'g'), '[a-z]', 'a', 'g'), '[0-9]', '0', 'g')`;
  const patterns: (string | undefined)[] = [];
  for (const { sql } of sources) {
    const shapes = await database.rows<{ shape: string }>(
      `SELECT DISTINCT ${shape(`left(${sql}, 65)`)} AS shape FROM ${sample} WHERE ${sql} IS NOT NULL LIMIT ${maxShapes + 1}`,
    );
    patterns.push(shapes.length > maxShapes ? undefined : textPattern(shapes.map(({ shape }) => shape)));
  }
  return patterns;
}
