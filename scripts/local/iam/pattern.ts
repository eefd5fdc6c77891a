/** A text with `*` and `?` wildcards and policy variables, as IAM writes actions, resources and condition values. */
export interface CompiledPattern {
  readonly source: string;
  /** Whether `value` matches; a variable that the context does not know matches nothing. */
  matches(value: string, context: PolicyContext): boolean;
}

/** Condition keys in lower case and their values. */
export type PolicyContext = ReadonlyMap<string, string>;

const variable = /\$\{([^}]+)\}/g;

/** Compiles once, so that a decision costs a comparison or one regular expression. */
export function compilePattern(source: string): CompiledPattern {
  if (source === '*') return { source, matches: () => true };
  if (source.includes('${')) {
    return {
      source,
      matches(value, context) {
        const pattern = substitute(source, context);
        return pattern?.test(value) ?? false;
      },
    };
  }
  if (!/[*?]/.test(source)) return { source, matches: (value) => value === source };
  const expression = new RegExp(`^${wildcards(source)}$`, 's');
  return { source, matches: (value) => expression.test(value) };
}

function wildcards(text: string): string {
  return text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}

/** `${*}`, `${?}` and `${$}` are the literal characters; any other variable is a condition key, `${key, 'default'}` allowed. */
function substitute(source: string, context: PolicyContext): RegExp | undefined {
  let expression = '';
  let end = 0;
  for (const match of source.matchAll(variable)) {
    expression += wildcards(source.slice(end, match.index));
    end = match.index + match[0].length;
    const [key = '', fallback] = (match[1] ?? '').split(',').map((part) => part.trim());
    const value = '*?$'.includes(key) ? key : (context.get(key.toLowerCase()) ?? fallback?.slice(1, -1));
    if (value === undefined) return undefined;
    expression += value.replace(/[.+^${}()|[\]\\*?]/g, '\\$&');
  }
  return new RegExp(`^${expression}${wildcards(source.slice(end))}$`, 's');
}
