import { nearestName } from '#shared/kernel/nearest-name.ts';
import type { ColumnType, Expression } from './expression.ts';
import { caseOf, castOf, extractOf, functionOf, literalOf, typedLiteralOf } from './operands.ts';
import { binding, infixOf } from './operators.ts';
import { isKeyword, isStatement, Reader } from './reader.ts';
import type { Token } from './tokens.ts';

/** Calls within calls: what a text may nest, before the stack does. */
const maxNesting = 100;
/** A parser by precedence climbing (Pratt): reads tokens from left to right into checked expressions. */
export class Parser extends Reader {
  readonly #columns: Readonly<Record<string, ColumnType>>;
  #nesting = 0;

  constructor(text: string, tokens: readonly Token[], columns: Readonly<Record<string, ColumnType>>) {
    super(text, tokens);
    this.#columns = columns;
  }

  whole(): Expression {
    if (this.isAtEnd())
      throw this.typing.fail({ start: 0, end: 0 }, 'it is empty; write a condition such as "price > 0"');
    const expression = this.expression();
    if (!this.isAtEnd()) throw this.unexpected('the end, or an operator');
    return expression;
  }

  override expression(least = 0): Expression {
    if (++this.#nesting > maxNesting)
      throw this.typing.fail(
        { start: this.token.start, end: this.token.end },
        `parentheses, calls and signs nest more than ${maxNesting} deep; split it into several checks`,
      );
    let left = this.#operand();
    for (let next = infixOf(this, left, least); next !== undefined; next = infixOf(this, left, least))
      left = next;
    this.#nesting--;
    return left;
  }

  #operand(): Expression {
    const { kind, start } = this.token;
    if (kind === 'number' || kind === 'text') return literalOf(this);
    if (kind === 'name') return this.#column(this.take());
    if (this.takeIf('(')) {
      const inner = this.expression();
      if (this.is(',')) throw this.unexpected("')'; lists stand after in only");
      const { end } = this.need(')');
      return { ...inner, span: { start, end } };
    }
    if (this.is('-') || this.is('+')) return this.#signed();
    if (kind !== 'word') throw this.unexpected('a column, a value or a function');
    return this.#word();
  }

  #word(): Expression {
    const { value, start } = this.token;
    if (this.takeIf('not')) {
      const operand = this.typing.expect(this.expression(binding.not), 'boolean', "what stands after 'not'");
      return { kind: 'not', operand, type: 'boolean', span: { start, end: operand.span.end } };
    }
    const word = value.toLowerCase();
    if (word === 'null' || word === 'true' || word === 'false') return literalOf(this);
    if (word === 'case') return caseOf(this);
    if (word === 'cast') return castOf(this);
    if (isKeyword(word)) throw this.unexpected('a column, a value or a function');
    if (this.following().kind === 'text' && (word === 'timestamp' || word === 'date'))
      return typedLiteralOf(this);
    if (this.is('(', this.following())) return word === 'extract' ? extractOf(this) : functionOf(this);
    if (isStatement(word) && this.following().kind !== 'symbol' && !Object.hasOwn(this.#columns, value))
      throw this.unexpected('a column, a value or a function');
    return this.#column(this.take());
  }

  #signed(): Expression {
    const { start, value } = this.take();
    if (value === '-' && this.token.kind === 'number') return literalOf(this, start);
    const operand = this.expression(binding.sign);
    const { parts, type } = this.typing.unify([operand], `'${value}'`);
    const checked =
      type === 'integer' ? parts[0]! : this.typing.expect(operand, 'number', `what stands after '${value}'`);
    const span = { start, end: operand.span.end };
    return value === '+'
      ? { ...checked, span }
      : { kind: 'negation', operand: checked, type: checked.type, span };
  }

  /** A column by its name as it is declared or, unquoted, in any case. */
  #column({ kind, value: written, start, end }: Token): Expression {
    const names = Object.keys(this.#columns);
    const name = Object.hasOwn(this.#columns, written)
      ? written
      : kind === 'word'
        ? names.find((known) => known.toLowerCase() === written.toLowerCase())
        : undefined;
    if (name !== undefined) return { kind: 'column', name, type: this.#columns[name]!, span: { start, end } };
    const nearest = nearestName(written, names);
    const shown = written.length > 60 ? `${written.slice(0, 60)}…` : written;
    const known =
      names.length > 20 ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more` : names.join(', ');
    throw this.typing.fail(
      { start, end },
      `'${shown}' is no column; ${nearest ? `did you mean '${nearest}'?` : `columns are: ${known || 'none'}`}`,
    );
  }
}
