import type { ColumnType, Expression, Span } from './expression.ts';
import { invalidExpression } from './invalid.ts';
import { timestampOf } from './timestamps.ts';

/** The types of an expression's parts: what fits what, and what is said where something doesn't. `text` is the whole expression. */
export class Typing {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }

  /** `part` as a value of `type`: an integer is a number too, NULL is of any type, and a text with a time is a timestamp. */
  expect(part: Expression, type: ColumnType, what: string): Expression {
    const fitted = this.#fitted(part, type);
    if (fitted) return fitted;
    const cure = cureOf(part, type, this.#shown(part));
    throw this.fail(part.span, `${what} must be ${type}; ${this.named(part)} is not${cure}`);
  }

  /** The parts with one type that fits all of them. `what` says what brings them together, e.g. `'>='` or `'in'`. */
  unify(parts: readonly Expression[], what: string): { parts: Expression[]; type: ColumnType } {
    const lead =
      parts.find((part) => !isNull(part) && !isTextLiteral(part)) ?? parts.find((part) => !isNull(part));
    if (!lead) {
      const type = parts.find((part) => part.type !== 'string')?.type ?? 'string';
      return { parts: parts.map((part) => ({ ...part, type })), type };
    }
    const numeric = parts.filter((part) => !isNull(part));
    const type = numeric.every((part) => isNumeric(part.type)) ? numericType(numeric) : lead.type;
    return {
      type,
      parts: parts.map((part) => {
        const fitted = this.#fitted(part, type);
        if (fitted) return fitted;
        const cure = cureOf(part, type, this.#shown(part)) || cureOf(lead, part.type, this.#shown(lead));
        throw this.fail(
          part.span,
          `${what} brings together ${this.named(lead)} and ${this.named(part)}${cure}`,
        );
      }),
    };
  }

  /** A part as messages name it: its text and its type. */
  named(part: Expression): string {
    return `${this.#shown(part)} (${isNull(part) ? 'null' : part.type})`;
  }

  fail({ start }: Span, message: string): Error {
    return invalidExpression(this.#text, start, message);
  }

  #shown({ span }: Expression): string {
    const shown = this.#text.slice(span.start, span.end).replaceAll(/\s+/g, ' ');
    return `'${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}'`;
  }

  #fitted(part: Expression, type: ColumnType): Expression | undefined {
    if (isNull(part)) return { ...part, type };
    if (part.type === type || (type === 'number' && part.type === 'integer')) return part;
    if (type !== 'timestamp' || !isTextLiteral(part)) return undefined;
    const value = timestampOf(part.value);
    if (value !== undefined) return { ...part, type, value };
    throw this.fail(
      part.span,
      `${this.#shown(part)} is no date or time; write it as ISO 8601 has it: '2026-01-31' or '2026-01-31T12:00:00Z'`,
    );
  }
}

export const isNull = (part: Expression): boolean => part.kind === 'literal' && part.value === null;
export const isNumeric = (type: ColumnType): boolean => type === 'integer' || type === 'number';
/** integer where all parts are, else number. */
export const numericType = (parts: readonly Expression[]): ColumnType =>
  parts.every(({ type }) => type === 'integer') ? 'integer' : 'number';

function isTextLiteral(
  part: Expression,
): part is Expression & { readonly kind: 'literal'; readonly value: string } {
  return part.kind === 'literal' && part.type === 'string' && typeof part.value === 'string';
}

/** How a part comes to have a type, as the end of a message; empty where nothing simple does it. */
function cureOf(part: Expression, type: ColumnType, shown: string): string {
  const text = shown.slice(1, -1);
  if (text.endsWith('…')) return '';
  if (type === 'boolean' && isNumeric(part.type)) return `; compare it, for example: ${text} > 0`;
  if (type === 'boolean') return `; compare it, for example: ${text} = …`;
  if (part.kind === 'literal' && isNumeric(part.type) && type === 'string') return `; write '${text}'`;
  if (
    isTextLiteral(part) &&
    isNumeric(type) &&
    part.value.trim() !== '' &&
    Number.isFinite(Number(part.value))
  )
    return `; write ${part.value.trim()} without quotes`;
  if (part.type === 'timestamp' && isNumeric(type))
    return `; write date_part('year', ${text}) or date_diff('day', ${text}, …)`;
  return canCast(part.type, type) ? `; write cast(${text} as ${type})` : '';
}

const casts: Readonly<Record<ColumnType, readonly ColumnType[]>> = {
  string: ['number', 'integer', 'boolean', 'timestamp', 'string'],
  integer: ['number', 'integer', 'boolean', 'string'],
  number: ['number', 'integer'],
  boolean: ['integer', 'number', 'string', 'boolean'],
  timestamp: ['timestamp'],
};
/** Which types `cast` turns into which: those where DuckDB and Trino come to the same value. */
export const canCast = (from: ColumnType, to: ColumnType): boolean => casts[from].includes(to);
export const castsOf = (from: ColumnType): readonly ColumnType[] => casts[from];
