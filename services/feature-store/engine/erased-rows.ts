import { sqlType } from '#shared/duckdb/column-types.ts';
import { quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { FeatureViewVersion } from '../contract.ts';
import type { ErasedEntities } from '../ports.ts';

/**
 * SQL: the row of a dataset is not one of an erased entity. What became known after the erasure was asked for counts again. Undefined where
 * no erasure is about the view's entities. Keys are compared by digest: nobody keeps them.
 */
export function notErasedSql(
  { joinKeys }: Pick<FeatureViewVersion, 'joinKeys'>,
  knownAt: string,
  erasures: readonly ErasedEntities[],
): string | undefined {
  const names = new Set(joinKeys.map(({ name }) => name));
  const about = erasures.filter(({ joinKeys: erased }) => erased.every(({ name }) => names.has(name)));
  if (about.length === 0) return undefined;
  return about
    .map(({ erasureId, joinKeys: erased, keyDigests, requestedAt }) => {
      const digests = keyDigests.map(quoteText).join(', ');
      const digest = `sha256(${quoteText(erasureId)} || chr(10) || ${keyJsonSql(erased)})`;
      return `NOT coalesce(${knownAt} <= TIMESTAMPTZ ${quoteText(requestedAt)} AND ${digest} IN (${digests}), false)`;
    })
    .join(' AND ');
}

/** The key as `JSON.stringify` writes a list of it; DuckDB's own JSON has other letters for control characters. */
function keyJsonSql(joinKeys: ErasedEntities['joinKeys']): string {
  const values = joinKeys.map(({ name, type }) => {
    const value = `CAST(CAST(${quoteName(name)} AS ${sqlType[type]}) AS VARCHAR)`;
    if (type === 'integer') return value;
    // Few keys have anything to escape, and to look is quicker than to replace.
    const escaped = `CASE WHEN regexp_matches(${value}, ${quoteText('["\\\\\\x01-\\x1f]')}) THEN ${escapedSql(value)} ELSE ${value} END`;
    return `'"' || ${escaped} || '"'`;
  });
  return `'[' || ${values.join(" || ',' || ")} || ']'`;
}

const controlCharacters = Array.from({ length: 31 }, (_none, index) => String.fromCharCode(index + 1));

/** Each character that JSON escapes is replaced by its escape; the backslash first, which the others bring. */
const escapedSql = (text: string): string =>
  ['\\', '"', ...controlCharacters].reduce(
    (sql, character) =>
      `replace(${sql}, chr(${character.charCodeAt(0)}), ${quoteText(JSON.stringify(character).slice(1, -1))})`,
    text,
  );
