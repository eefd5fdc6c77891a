import { RE2JS } from 're2js';
import { invalidSearch } from './tokens.ts';

/**
 * A test for a regular expression of a caller, anywhere in the text. RE2 takes time in proportion to the text, whatever the expression
 * is; it has no look-around and no back-references. Throws InvalidSearch.
 */
export function expressionMatcher(expression: string): (text: string) => boolean {
  const compiled = compile(expression);
  return (text) => compiled.matcher(text).find();
}

function compile(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression);
  } catch (cause) {
    throw invalidSearch(
      `Invalid regular expression '${expression.slice(0, 200)}' for RLIKE: ${(cause as Error).message}. The syntax is RE2's.`,
    );
  }
}
