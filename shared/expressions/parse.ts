import type { ColumnType, Expression } from './expression.ts';
import { partsOf } from './expression.ts';
import { invalidExpression } from './invalid.ts';
import { Parser } from './parser.ts';
import { tokensOf } from './tokens.ts';
import { Typing } from './typing.ts';

const maxTextLength = 4000;
/** Parts within parts. DuckDB's parser allows 1000; emitted SQL has a few for one of ours. */
const maxDepth = 100;

/**
 * Reads an expression of SQL: literals, `columns`, and/or/not, comparisons, arithmetic, between, in, like, is null, case, cast and
 * a list of pure functions. Nothing else can be said: there is no name of a table, no statement, no aggregate, no time of day.
 * The text is never run: what runs is written anew from what this returns. Throws InvalidExpression with the position and the cure.
 */
export function parseExpression(text: string, columns: Readonly<Record<string, ColumnType>>): Expression {
  if (text.length > maxTextLength)
    throw invalidExpression(
      '',
      0,
      `it has ${text.length} characters; ${maxTextLength} are allowed. Split it into several checks`,
    );
  if (!text.isWellFormed() || text.includes('\0'))
    throw invalidExpression(
      '',
      0,
      'it has a NUL or half of a character; write it in whole Unicode characters',
    );
  const expression = new Parser(text, tokensOf(text), columns).whole();
  if (depthOf(expression) > maxDepth)
    throw invalidExpression(
      text,
      0,
      `parts stand in parts more than ${maxDepth} deep; split it into several checks`,
    );
  return expression;
}

/** Reads an expression that holds or doesn't, such as a check. Throws InvalidExpression where it gives anything but a boolean. */
export function parseCondition(text: string, columns: Readonly<Record<string, ColumnType>>): Expression {
  return new Typing(text).expect(parseExpression(text, columns), 'boolean', 'a condition');
}

function depthOf(expression: Expression): number {
  return 1 + partsOf(expression).reduce((deepest, part) => Math.max(deepest, depthOf(part)), 0);
}
