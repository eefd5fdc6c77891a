import { invalidExpression } from './invalid.ts';

/** `word`: a name or keyword. `name`: a quoted name. `text`: a quoted text. `value` is without quotes. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'symbol' | 'end';
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy],
  ['text', /'(?:[^']|'')*'/y],
  ['name', /"(?:[^"]|"")+"/y],
  ['symbol', /<=|>=|<>|!=|\|\||[-+*/%=<>(),]/y],
];
const space = /[ \t\r\n]*/y;

/** What to write instead of something that other SQL has. */
const cures: readonly (readonly [string, string])[] = [
  [
    '--',
    'comments are not part of an expression; write them into a note, and subtract a negative as a - (-1)',
  ],
  ['/*', 'comments are not part of an expression; write them into a note'],
  [';', 'an expression is one condition or value, not statements; leave the semicolon out'],
  ['==', 'equality is written with one ='],
  ['&&', 'write and'],
  ['::', 'write cast(value as type)'],
  ['^', 'write power(base, exponent)'],
  ['~', 'write regexp_matches(text, pattern)'],
  ['$', 'an expression has no parameters; write the value'],
  ['?', 'an expression has no parameters; write the value'],
  ['.', 'columns are named without a table; quote a name that has a dot: "a.b"'],
  ['`', 'names are quoted with double quotes: "name"'],
  ["'", 'the text that begins here has no closing quote'],
  ['"', 'the name that begins here has no closing quote, or no letters'],
];

/** The words and symbols of an expression; the last is `end`. Throws InvalidExpression where something is none. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipped(text, 0); at < text.length; at = skipped(text, tokens.at(-1)!.end)) {
    tokens.push(tokenAt(text, at));
  }
  return [...tokens, { kind: 'end', value: '', start: text.length, end: text.length }];
}

function skipped(text: string, at: number): number {
  space.lastIndex = at;
  space.exec(text);
  return space.lastIndex;
}

function tokenAt(text: string, start: number): Token {
  const forbidden = cures.find(
    ([symbol]) => ['--', '/*', '=='].includes(symbol) && text.startsWith(symbol, start),
  );
  if (forbidden) throw invalidExpression(text, start, `'${forbidden[0]}': ${forbidden[1]}`);
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const match = pattern.exec(text)?.[0];
    if (match === undefined) continue;
    const end = start + match.length;
    if (kind === 'number' && /[\p{L}\p{N}_$]/u.test(text.slice(end, end + 2)[0] ?? ''))
      throw invalidExpression(
        text,
        start,
        `'${text.slice(start, end + 1)}' is no number; quote a name that begins with a digit: "${text.slice(start, end + 1)}…"`,
      );
    return { kind, value: unquoted(kind, match), start, end };
  }
  const cure = cures.find(([symbol]) => text.startsWith(symbol, start));
  if (cure) throw invalidExpression(text, start, `'${cure[0]}': ${cure[1]}`);
  const character = String.fromCodePoint(text.codePointAt(start)!);
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw invalidExpression(
    text,
    start,
    `${/\p{C}|\p{Z}/u.test(character) ? 'a character' : `'${character}'`} (U+${code}) is no part of an expression; texts stand in 'single quotes', names in "double quotes"`,
  );
}

function unquoted(kind: Token['kind'], match: string): string {
  if (kind === 'text') return match.slice(1, -1).replaceAll("''", "'");
  return kind === 'name' ? match.slice(1, -1).replaceAll('""', '"') : match;
}
