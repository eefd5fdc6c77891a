import { RE2JS } from 're2js';

const maxPatternLength = 1000;

/**
 * What is wrong with a regular expression; undefined where nothing is. The language is RE2's, which never takes more than linear
 * time: no look-around and no back-references.
 */
export function patternFault(pattern: string): string | undefined {
  if (pattern.length > maxPatternLength)
    return `the regular expression has ${pattern.length} characters; ${maxPatternLength} are allowed`;
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return `'${pattern}' is no regular expression of RE2's syntax (${(error as Error).message}); look-around and back-references are not possible`;
  }
}
