import { AwsError } from '../emulated-service.ts';

/** The value of an id or expression in one period; undefined where it has none. */
export type MathValue = number | undefined;

/** A compiled expression: from the values of the ids in one period to its own. */
export interface MathExpression {
  evaluate(values: ReadonlyMap<string, MathValue>): MathValue;
}

type Node = (values: ReadonlyMap<string, MathValue>) => MathValue;
type ListNode = (values: ReadonlyMap<string, MathValue>) => readonly MathValue[];

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '>': (a, b) => Number(a > b),
  '<': (a, b) => Number(a < b),
  '>=': (a, b) => Number(a >= b),
  '<=': (a, b) => Number(a <= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
};
const precedence: readonly (readonly string[])[] = [
  ['>', '<', '>=', '<=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];
const aggregates: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

/**
 * Compiles metric math ("Using math expressions with CloudWatch metrics"): numbers, ids, + - * / and comparisons, parentheses, IF(condition, then,
 * else), FILL(id, number), and SUM, AVG, MIN, MAX of a list `[a, b]` or of METRICS(). Without a value of an operand, or divided by zero,
 * a period has none.
 * @throws AwsError NotImplemented (501) for anything else, naming it
 */
export function compileMath(text: string, metricIds: readonly string[]): MathExpression {
  const parser = new Parser(text, metricIds);
  const node = parser.parseAll();
  return { evaluate: node };
}

class Parser {
  readonly #text: string;
  readonly #metricIds: readonly string[];
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(text: string, metricIds: readonly string[]) {
    this.#text = text;
    this.#metricIds = metricIds;
    this.#tokens =
      text.match(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_][A-Za-z0-9_]*|>=|<=|==|!=|[^\s]/g) ?? [];
  }

  parseAll(): Node {
    const node = this.#binary(0);
    if (this.#position < this.#tokens.length) throw this.#unsupported(this.#tokens[this.#position] ?? '');
    return node;
  }

  #binary(level: number): Node {
    const names = precedence[level];
    if (names === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (
      let name = this.#tokens[this.#position];
      names.includes(name ?? '');
      name = this.#tokens[this.#position]
    ) {
      this.#position += 1;
      left = combine(name ?? '', left, this.#binary(level + 1));
    }
    return left;
  }

  #unary(): Node {
    if (this.#tokens[this.#position] !== '-') return this.#primary();
    this.#position += 1;
    return combine('-', () => 0, this.#unary());
  }

  #primary(): Node {
    const token = this.#take();
    if (token === '(') {
      const inner = this.#binary(0);
      this.#expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^[A-Za-z_]/.test(token)) throw this.#unsupported(token);
    return this.#tokens[this.#position] === '(' ? this.#call(token) : (values) => values.get(token);
  }

  #call(name: string): Node {
    this.#expect('(');
    const aggregate = aggregates[name];
    if (aggregate !== undefined) {
      const list = this.#list();
      this.#expect(')');
      return (values) => {
        const present = list(values).filter((value) => value !== undefined);
        return present.length === 0 ? undefined : aggregate(present);
      };
    }
    if (name === 'FILL') return this.#fill();
    if (name === 'IF') return this.#if();
    throw this.#unsupported(`${name}()`);
  }

  #fill(): Node {
    const value = this.#binary(0);
    this.#expect(',');
    const filler = this.#binary(0);
    this.#expect(')');
    return (values) => value(values) ?? filler(values);
  }

  #if(): Node {
    const condition = this.#binary(0);
    this.#expect(',');
    const whenTrue = this.#binary(0);
    const hasElse = this.#tokens[this.#position] === ',';
    if (hasElse) this.#position += 1;
    const whenFalse: Node = hasElse ? this.#binary(0) : () => undefined;
    this.#expect(')');
    return (values) => {
      const decided = condition(values);
      if (decided === undefined) return undefined;
      return decided === 0 ? whenFalse(values) : whenTrue(values);
    };
  }

  #list(): ListNode {
    const token = this.#take();
    if (token === 'METRICS') {
      this.#expect('(');
      this.#expect(')');
      return (values) => this.#metricIds.map((id) => values.get(id));
    }
    if (token !== '[') throw this.#unsupported(`a statistic over time of ${token}`);
    const nodes = [this.#binary(0)];
    while (this.#tokens[this.#position] === ',') {
      this.#position += 1;
      nodes.push(this.#binary(0));
    }
    this.#expect(']');
    return (values) => nodes.map((node) => node(values));
  }

  #take(): string {
    const token = this.#tokens[this.#position];
    if (token === undefined) throw this.#unsupported('an incomplete expression');
    this.#position += 1;
    return token;
  }

  #expect(token: string): void {
    const found = this.#take();
    if (found !== token) throw this.#unsupported(`${found} in place of ${token}`);
  }

  #unsupported(what: string): AwsError {
    return new AwsError(
      'NotImplemented',
      `The laptop runtime does not compute ${what} in the metric math expression ${this.#text}.`,
      501,
    );
  }
}

function combine(operator: string, left: Node, right: Node): Node {
  const apply = operators[operator];
  return (values) => {
    const a = left(values);
    const b = right(values);
    if (apply === undefined || a === undefined || b === undefined) return undefined;
    const result = apply(a, b);
    return Number.isFinite(result) ? result : undefined;
  };
}
