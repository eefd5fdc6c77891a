import type { Column } from '#shared/contracts/parts.ts';

export type ColumnType = Column['type'];

/** Characters of the text that a part was written with: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

type Part =
  /** `null` has the type of what it stands beside. Timestamps are `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`. */
  | { readonly kind: 'literal'; readonly value: string | number | bigint | boolean | null }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator | 'is distinct from' | 'is not distinct from';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'negation'; readonly operand: Expression }
  | { readonly kind: 'concatenation'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'is null'; readonly operand: Expression }
  | {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    }
  | { readonly kind: 'in'; readonly operand: Expression; readonly choices: readonly Expression[] }
  | {
      readonly kind: 'like';
      readonly operand: Expression;
      readonly pattern: string;
      readonly escape?: string;
    }
  | {
      readonly kind: 'case';
      /** What each `when` is compared with; without it each `when` is a condition. */
      readonly subject?: Expression;
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: 'cast'; readonly operand: Expression }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly arguments: readonly Expression[] };

/** Every function that an expression may call, by the name that parsing gives it. */
export type FunctionName =
  | 'abs'
  | 'round'
  | 'floor'
  | 'ceil'
  | 'sqrt'
  | 'power'
  | 'ln'
  | 'exp'
  | 'least'
  | 'greatest'
  | 'coalesce'
  | 'nullif'
  | 'lower'
  | 'upper'
  | 'trim'
  | 'length'
  | 'substr'
  | 'starts_with'
  | 'ends_with'
  | 'contains'
  | 'regexp_matches'
  | 'date_part'
  | 'date_diff'
  | 'is_finite';

/** A checked expression: what a text of SQL means, free of any dialect. `type` is the type of its value. */
export type Expression = Part & { readonly type: ColumnType; readonly span: Span };

/** The parts that an expression is made of, in the order of the text. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'column':
      return [];
    case 'logic':
      return expression.operands;
    case 'comparison':
    case 'arithmetic':
    case 'concatenation':
      return [expression.left, expression.right];
    case 'between':
      return [expression.operand, expression.low, expression.high];
    case 'in':
      return [expression.operand, ...expression.choices];
    case 'case':
      return [
        ...(expression.subject ? [expression.subject] : []),
        ...expression.branches.flatMap(({ when, result }) => [when, result]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ];
    case 'call':
      return expression.arguments;
    default:
      return [expression.operand];
  }
}

/** The columns that an expression reads, each once, in the order of the text. */
export function columnsOf(expression: Expression): string[] {
  const own = expression.kind === 'column' ? [expression.name] : [];
  return [...new Set([...own, ...partsOf(expression).flatMap(columnsOf)])];
}
