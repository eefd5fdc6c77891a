import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';

type Path = readonly (string | number)[];

/**
 * Line and column, from 1, of what `path` leads to: of the name where the last member has one, so that a whole part is
 * pointed at by its heading. Where a member is missing, the place of what would hold it.
 */
export function placeOf(
  document: Document.Parsed,
  path: Path,
  lines: LineCounter,
): { line: number; column: number } | undefined {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0];
  for (const member of path) {
    const inside = resolved(node, document);
    if (isMap(inside)) {
      const pair = inside.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === member);
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(inside) && typeof member === 'number') {
      node = (inside.items[member] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else break;
  }
  if (offset === undefined) return undefined;
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function resolved(node: Node | null, document: Document.Parsed): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

/** What stands at `path` of a plain value; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, member) =>
      typeof part === 'object' && part !== null && Object.hasOwn(part, member)
        ? (part as Record<string | number, unknown>)[member]
        : undefined,
    value,
  );
}
