import { validationError } from '../api/validation.ts';

/**
 * Compiles the part of JSONPath that picks columns of a CSV record: `$`, `$[1]`, `$[-1]`, `$[1:]`, `$[:-2]`, `$[0,3]`.
 * @param member named in the error.
 * @throws AwsError ValidationException for other paths.
 */
export function compileColumnPath(
  path: string,
  member: string,
): (fields: readonly string[]) => readonly string[] {
  if (path === '$') return (fields) => fields;
  const inside = /^\$\[([^\]]+)\]$/.exec(path.replaceAll(' ', ''))?.[1];
  const slice = inside === undefined ? null : /^(-?\d+)?:(-?\d+)?$/.exec(inside);
  if (slice !== null) {
    const [, from, to] = slice;
    return (fields) =>
      fields.slice(from === undefined ? 0 : Number(from), to === undefined ? undefined : Number(to));
  }
  if (inside !== undefined && /^-?\d+(,-?\d+)*$/.test(inside)) {
    const indexes = inside.split(',').map(Number);
    return (fields) => indexes.flatMap((index) => fields.at(index) ?? []);
  }
  throw validationError(
    `${member} '${path}' is not supported by the laptop runtime; it picks columns of CSV records: $, $[1], $[-1], $[1:], $[:-2], $[0,3].`,
  );
}

/** Fields of a CSV record as they are written, quotes included; commas inside quotes do not separate. */
export function splitCsvRecord(record: string): string[] {
  const fields: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < record.length; at++) {
    if (record[at] === '"') quoted = !quoted;
    else if (record[at] === ',' && !quoted) {
      fields.push(record.slice(start, at));
      start = at + 1;
    }
  }
  return [...fields, record.slice(start)];
}
