import { quoteText } from '#shared/duckdb/duckdb.ts';
import type { Dialect } from './dialect.ts';
import type { Expression } from './expression.ts';
import type { DateDiffUnit, DatePartField } from './functions.ts';
import { unitMicroseconds } from './times.ts';

type Call = Extract<Expression, { readonly kind: 'call' }>;
type Emit = (part: Expression) => string;

/** A call as the dialect has it, with one meaning: where the dialects' own functions differ, theirs are put together to come to the same. */
export function callSql(call: Call, dialect: Dialect, emit: Emit): string {
  const first = call.arguments[0]!;
  const all = call.arguments.map(emit);
  const plain = (name: string) => `${name}(${all.join(', ')})`;
  switch (call.name) {
    case 'abs':
      return first.type === 'integer' ? `TRY(${plain('abs')})` : plain('abs');
    case 'floor':
    case 'ceil':
      return first.type === 'integer' ? all[0]! : plain(call.name);
    case 'round':
      return first.type === 'integer'
        ? all[0]!
        : `round(${[all[0], ...call.arguments.slice(1).map(written)].join(', ')})`;
    case 'sqrt':
      return guarded('sqrt', first, all[0]!, '>= 0', dialect);
    case 'ln':
      return guarded('ln', first, all[0]!, '> 0', dialect);
    case 'power':
      return dialect === 'duckdb'
        ? `nullif(${plain('power')}, CAST('NaN' AS DOUBLE))`
        : `element_at(filter(ARRAY[${plain('power')}], v -> NOT is_nan(v)), 1)`;
    case 'least':
    case 'greatest':
      // Trino's are NULL where any value is; DuckDB's, as PostgreSQL's, where all are.
      return dialect === 'duckdb'
        ? plain(call.name)
        : `array_${call.name === 'least' ? 'min' : 'max'}(filter(ARRAY[${all.join(', ')}], v -> v IS NOT NULL))`;
    case 'trim':
      return `trim(${all[0]}, ${quoteText(' \t\n\v\f\r')})`;
    case 'substr':
      return `substr(${[all[0], ...call.arguments.slice(1).map(written)].join(', ')})`;
    case 'is_finite':
      return `${dialect === 'duckdb' ? 'isfinite' : 'is_finite'}(CAST(${all[0]} AS DOUBLE))`;
    case 'contains':
      return dialect === 'duckdb' ? plain('contains') : `(strpos(${all[0]}, ${all[1]}) > 0)`;
    case 'ends_with':
      return dialect === 'duckdb'
        ? plain('ends_with')
        : `(strpos(reverse(${all[0]}), reverse(${all[1]})) = 1)`;
    case 'regexp_matches':
      return plain(dialect === 'duckdb' ? 'regexp_matches' : 'regexp_like');
    case 'date_part':
      return datePartSql(written(first) as DatePartField, all[1]!, dialect);
    case 'date_diff':
      return dialect === 'duckdb' ? wholeUnitsSql(written(first), all[1]!, all[2]!) : plain('date_diff');
    default:
      return plain(call.name);
  }
}

/** A literal's value as it is written in SQL without quotes: digits, lengths, fields. */
const written = (part: Expression): string => (part.kind === 'literal' ? String(part.value) : '');

/** NULL where the argument has no value of the function; DuckDB would throw, Trino give infinity or NaN. */
function guarded(name: string, argument: Expression, sql: string, holds: string, dialect: Dialect): string {
  // Only a short argument is written twice: written twice at each level, a nested one would double its length with each.
  if (argument.kind === 'column' || argument.kind === 'literal')
    return `(CASE WHEN ${sql} ${holds} THEN ${name}(${sql}) END)`;
  return dialect === 'duckdb'
    ? `TRY(${name}(${sql}))`
    : `${name}(element_at(filter(ARRAY[${sql}], v -> v ${holds}), 1))`;
}

/**
 * DuckDB's date_diff counts the borders that are crossed, and its date_sub is wrong by one where times differ below a millisecond. Its `//` of
 * integers cuts off what is no whole.
 */
function wholeUnitsSql(unit: string, from: string, to: string): string {
  return `((epoch_us(${to}) - epoch_us(${from})) // ${unitMicroseconds[unit as DateDiffUnit]})`;
}

function datePartSql(field: DatePartField, time: string, dialect: Dialect): string {
  if (dialect === 'trino') return `${field}(${time} AT TIME ZONE 'UTC')`;
  const names: Partial<Record<DatePartField, string>> = { day_of_week: 'isodow', day_of_year: 'doy' };
  return `date_part('${names[field] ?? field}', ${time})`;
}
