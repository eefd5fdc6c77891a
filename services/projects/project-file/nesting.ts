import { type CST, Parser } from 'yaml';

/** Deepest nesting of lists and maps in a project file: its own parts need 6. */
export const maxNesting = 20;

/**
 * How deep lists and maps of a YAML text lie in each other, counted on its tokens: the parser that makes values of them calls
 * itself, and a few thousand brackets are more than its stack holds.
 */
export function nestingOf(text: string): number {
  let deepest = 0;
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of new Parser().parse(text)) open.push({ token, depth: 0 });
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    deepest = Math.max(deepest, depth);
    for (const inside of tokensInside(token))
      open.push({ token: inside, depth: 'items' in inside ? depth + 1 : depth });
  }
  return deepest;
}

function tokensInside(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value].filter((part) => part != null));
}
