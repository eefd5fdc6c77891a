import type { Expression } from './expression.ts';
import type { Token } from './tokens.ts';
import { Typing } from './typing.ts';

/** Words that are no column's name unless they are quoted. */
const keywords = new Set(
  'and or not is null true false between in like escape case when then else end cast as distinct'.split(' '),
);
const statements = new Set(
  'select with from where union insert update delete create drop copy attach pragma set call install load export'.split(
    ' ',
  ),
);

export const isKeyword = (word: string): boolean => keywords.has(word.toLowerCase());
export const isStatement = (word: string): boolean => statements.has(word.toLowerCase());

/** Tokens, one after the other, and what to say where another one was wanted. */
export abstract class Reader {
  readonly text: string;
  readonly typing: Typing;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.typing = new Typing(text);
    this.#tokens = tokens;
  }

  /** The longest expression of operators that bind more tightly than `least`. */
  abstract expression(least?: number): Expression;

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  isAtEnd(): boolean {
    return this.token.kind === 'end';
  }

  following(steps = 1): Token {
    return this.#tokens[Math.min(this.#at + steps, this.#tokens.length - 1)]!;
  }

  /** The current token, which is left behind. */
  take(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Whether the token is the unquoted word or the symbol. */
  is(word: string, token = this.token): boolean {
    return (token.kind === 'word' || token.kind === 'symbol') && token.value.toLowerCase() === word;
  }

  takeIf(word: string): boolean {
    const isThere = this.is(word);
    if (isThere) this.take();
    return isThere;
  }

  need(word: string): Token {
    if (!this.is(word)) throw this.unexpected(`'${word}'`);
    return this.take();
  }

  unexpected(wanted: string): Error {
    const { kind, value, start, end } = this.token;
    const found =
      kind === 'end' ? 'it ends here' : `'${this.text.slice(start, Math.min(end, start + 60))}' stands here`;
    const cure =
      kind === 'word' && isStatement(value)
        ? '; an expression has no statements and no subqueries. Compare with another dataset by a reference check'
        : kind === 'word' && isKeyword(value)
          ? `; quote it if it is a column: "${value}"`
          : '';
    return this.typing.fail({ start, end }, `${found} instead of ${wanted}${cure}`);
  }
}
