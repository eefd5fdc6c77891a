import { RE2JS } from 're2js';

const maxPatternLength = 1000;
/**
 * Instructions that a pattern may be compiled to. RE2 gives up beyond 8 MB, about 350,000 of its own; it compiles to bytes, where a class of
 * Unicode takes hundreds of what is one here, and any other character up to about twenty.
 */
const maxInstructions = { plain: 15_000, unicode: 400 } as const;

/**
 * What is wrong with a regular expression; undefined where nothing is. The language is RE2's, which never takes more than linear
 * time: no look-around and no back-references.
 */
export function patternFault(pattern: string): string | undefined {
  if (pattern.length > maxPatternLength)
    return `the regular expression has ${pattern.length} characters; ${maxPatternLength} are allowed`;
  const unescaped = pattern.replaceAll(/\\[^pP]/gs, '');
  if (/\(\?<\w/.test(unescaped))
    return `'${pattern}' names a group as (?<name>…); RE2 of DuckDB has (?P<name>…), or leave the name out`;
  try {
    const instructions = RE2JS.compile(pattern).programSize();
    const most = /\\[pP]/.test(unescaped) ? maxInstructions.unicode : maxInstructions.plain;
    return instructions > most
      ? `'${pattern}' is too large with its repetitions written out; repeat less, or bound the length by minLength and maxLength`
      : undefined;
  } catch (error) {
    return `'${pattern}' is no regular expression of RE2's syntax (${(error as Error).message}); look-around and back-references are not possible`;
  }
}
