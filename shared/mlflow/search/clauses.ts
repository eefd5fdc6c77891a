import { invalidSearch, type NameToken, type Token, tokensOf } from './tokens.ts';

/** `name operator value`, as it was written. */
export interface Clause {
  readonly name: NameToken;
  /** In capitals, e.g. `NOT IN`. */
  readonly operator: string;
  readonly value: ClauseValue;
}

export type ClauseValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'string'; readonly text: string; readonly value: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: number }
  | { readonly kind: 'list'; readonly text: string; readonly values: readonly string[] }
  /** Neither quoted nor a number. */
  | { readonly kind: 'word'; readonly text: string };

/** Splits a filter at its ANDs; there is no OR and no nesting. Throws InvalidSearch that shows the clause it stumbled over. */
export function clausesOf(filter: string): Clause[] {
  const broken = (rest: string) =>
    invalidSearch(`Invalid clause(s) in filter string: '${rest.slice(0, 300)}'`);
  const tokens = tokensOf(filter, (rest) => {
    if (!rest.startsWith(';')) return broken(rest);
    return invalidSearch(
      `Search filter contained multiple expression '${filter.slice(0, 300)}'. Provide AND-ed expression list.`,
    );
  });
  const reader = new ClauseReader(filter, tokens, broken);
  const clauses: Clause[] = [];
  while (!reader.isDone()) {
    if (clauses.length > 0) reader.takeAnd();
    clauses.push(reader.takeClause());
    if (clauses.length > maxClauses) throw tooManyClauses();
  }
  return clauses;
}

/** Each is asked of every record: more would let one caller's filter take minutes. */
const maxClauses = 200;

const tooManyClauses = () =>
  invalidSearch(
    `A filter takes at most ${maxClauses} comparisons. Use IN with a list of values where one attribute may have several.`,
  );

const comparisons = new Set(['=', '==', '!=', '<>', '<', '<=', '>', '>=']);
/** Words of SQL that are no values here. */
const reserved = new Set(['TRUE', 'FALSE', 'NULL', 'AND', 'OR', 'NOT']);
const wordComparisons = new Set(['LIKE', 'ILIKE', 'RLIKE', 'IN']);

class ClauseReader {
  private at = 0;
  private readonly filter: string;
  private readonly tokens: readonly Token[];
  private readonly broken: (rest: string) => Error;

  constructor(filter: string, tokens: readonly Token[], broken: (rest: string) => Error) {
    this.filter = filter;
    this.tokens = tokens;
    this.broken = broken;
  }

  isDone(): boolean {
    return this.at >= this.tokens.length;
  }

  takeAnd(): void {
    const start = this.at;
    if (!this.takeWord('AND') || this.isDone()) throw this.brokenFrom(start);
  }

  takeClause(): Clause {
    const start = this.at;
    const name = this.tokens[this.at++];
    if (name?.kind === 'sign') throw this.brokenFrom(start);
    const operator = this.takeOperator();
    if (operator === undefined) throw this.brokenFrom(start);
    if (name?.kind !== 'name') {
      throw invalidSearch(`Invalid comparison clause. Expected 'Identifier' found '${name?.text}'`);
    }
    if (operator === 'IS NULL' || operator === 'IS NOT NULL')
      return { name, operator, value: { kind: 'none' } };
    const value = this.takeValue();
    if (value === undefined) throw this.brokenFrom(start);
    return { name, operator, value };
  }

  private takeOperator(): string | undefined {
    const token = this.tokens[this.at++];
    if (token === undefined) return undefined;
    if (token.kind === 'sign') return comparisons.has(token.text) ? token.text : undefined;
    const word = token.text.toUpperCase();
    if (wordComparisons.has(word)) return word;
    if (word === 'NOT') {
      const next = this.tokens[this.at++]?.text.toUpperCase() ?? '';
      return wordComparisons.has(next) ? `NOT ${next}` : undefined;
    }
    if (word !== 'IS') return undefined;
    if (this.takeWord('NULL')) return 'IS NULL';
    return this.takeWord('NOT') && this.takeWord('NULL') ? 'IS NOT NULL' : undefined;
  }

  private takeValue(): ClauseValue | undefined {
    const token = this.tokens[this.at++];
    switch (token?.kind) {
      case 'string':
      case 'number':
        return token;
      case 'name':
        if (token.quote === '"' && token.parts.length === 1) {
          return { kind: 'string', text: token.text, value: token.parts[0] ?? '' };
        }
        return reserved.has(token.text.toUpperCase()) ? undefined : { kind: 'word', text: token.text };
      case 'sign':
        return token.text === '(' ? this.takeList(token.start) : undefined;
      default:
        return undefined;
    }
  }

  /** After the opening parenthesis; a comma may follow the last. */
  private takeList(start: number): ClauseValue | undefined {
    const values: string[] = [];
    for (;;) {
      const closing = this.tokens[this.at];
      if (closing === undefined) return undefined;
      if (closing.text === ')') {
        this.at++;
        if (values.length === 0) throw emptyList();
        return { kind: 'list', text: this.filter.slice(start, closing.start + 1), values };
      }
      const value = this.takeValue();
      if (value?.kind !== 'string') throw value?.kind === 'number' ? numberInList(value.text) : badList();
      values.push(value.value);
      const next = this.tokens[this.at];
      if (next?.text === ',') this.at++;
      else if (next && next.text !== ')') throw badList();
    }
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.at];
    const found = token?.kind === 'name' && token.text.toUpperCase() === word;
    if (found) this.at++;
    return found;
  }

  private brokenFrom(index: number): Error {
    return this.broken(this.filter.slice(this.tokens[index]?.start ?? 0).trim());
  }
}

const emptyList = () =>
  invalidSearch(
    'While parsing a list in the query, expected a non-empty list of string values, but got empty list',
  );
const badList = () =>
  invalidSearch(
    'While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.',
  );
const numberInList = (text: string) =>
  invalidSearch(
    `While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: ${text}`,
  );
