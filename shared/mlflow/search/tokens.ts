import { AppError } from '#shared/kernel/errors.ts';

/**
 * A word of a filter or of an order: a name (`metrics.loss`, tags."my tag", or a keyword), a text in single quotes, a number, or
 * a sign. `text` is as it was written.
 */
export type Token =
  | NameToken
  | { readonly kind: 'string'; readonly text: string; readonly start: number; readonly value: string }
  | { readonly kind: 'number'; readonly text: string; readonly start: number; readonly value: number }
  | { readonly kind: 'sign'; readonly text: string; readonly start: number };

export interface NameToken {
  readonly kind: 'name';
  readonly text: string;
  readonly start: number;
  /** What is between the points, without quotes; `quote` is that of the first part. */
  readonly parts: readonly string[];
  readonly quote: '"' | '`' | undefined;
}

const space = /\s+/uy;
/** Keys may hold `-`, `/` and `:` unquoted: there is no arithmetic that they could mean. */
const bare = '[\\p{L}\\p{N}_\\-/:@$#]';
const doubleQuoted = '"(?:""|\\\\"|[^"])*"';
const backQuoted = '`[^`]*`';
const name = new RegExp(
  `(?:${doubleQuoted}|${backQuoted}|[\\p{L}_]${bare}*)(?:\\.(?:${doubleQuoted}|${backQuoted}|${bare}+))*`,
  'uy',
);
const namePart = new RegExp(`${doubleQuoted}|${backQuoted}|${bare}+`, 'gu');
const string = /'(?:''|\\'|[^'])*'/uy;
const number = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.])/uy;
const sign = /<>|<=|>=|!=|==|[=<>(),]/uy;

/** Throws InvalidSearch from the first place that is no word. */
export function tokensOf(text: string, broken: (rest: string) => AppError): Token[] {
  const tokens: Token[] = [];
  let start = matchAt(space, text, 0)?.length ?? 0;
  while (start < text.length) {
    const token = tokenAt(text, start);
    if (!token) throw broken(text.slice(start).trim());
    tokens.push(token);
    start += token.text.length;
    start += matchAt(space, text, start)?.length ?? 0;
  }
  return tokens;
}

function tokenAt(source: string, start: number): Token | undefined {
  let text = matchAt(string, source, start);
  if (text !== undefined) return { kind: 'string', text, start, value: unquoted(text) };
  text = matchAt(number, source, start);
  if (text !== undefined) return { kind: 'number', text, start, value: Number(text) };
  text = matchAt(name, source, start);
  if (text !== undefined) return nameToken(text, start);
  text = matchAt(sign, source, start);
  return text === undefined ? undefined : { kind: 'sign', text, start };
}

function nameToken(text: string, start: number): NameToken {
  const parts = text.match(namePart) ?? [];
  const [first = ''] = text;
  return {
    kind: 'name',
    text,
    start,
    parts: parts.map(unquoted),
    quote: first === '"' || first === '`' ? first : undefined,
  };
}

/** A quote inside a text is written twice or behind a backslash. */
function unquoted(part: string): string {
  const [quote = ''] = part;
  if (quote === '`') return part.slice(1, -1);
  if (quote !== '"' && quote !== "'") return part;
  return part.slice(1, -1).replaceAll(`${quote}${quote}`, quote).replaceAll(`\\${quote}`, quote);
}

function matchAt(pattern: RegExp, text: string, start: number): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0];
}

export const invalidSearch = (message: string): AppError =>
  new AppError('invalid_input', 'InvalidSearch', message);

/** A list of words as MLflow's messages show it. */
export const shownList = (words: Iterable<string>): string =>
  `[${[...words].map((word) => `'${word}'`).join(', ')}]`;
