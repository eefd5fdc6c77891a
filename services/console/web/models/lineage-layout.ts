import type { AnswerOf } from '../api/operations.ts';

export type Lineage = AnswerOf<'readLineage'>;
export type LineageNode = Lineage['nodes'][number];
export type LineageEdge = Lineage['edges'][number];
type Graph = Pick<Lineage, 'nodes' | 'edges'>;

/** A node in its place: `layer` counts from the left, `row` from the top; a layer of few stands in the middle, between rows where need be. */
export interface PlacedNode {
  readonly node: LineageNode;
  readonly layer: number;
  readonly row: number;
}

export interface Layout {
  readonly placed: readonly PlacedNode[];
  readonly edges: readonly LineageEdge[];
  readonly layers: number;
  readonly rows: number;
}

/** From so many on, nodes of one kind with the same neighbours are one node in the picture. */
const groupedFrom = 4;

/**
 * Things of one kind stand below each other, right of the kinds that went into them: sixty versions of a dataset make a high
 * picture, not a wide one. Within a layer the oldest stands on top, so that things of one time stand side by side.
 */
export function layoutOf(lineage: Graph): Layout {
  const { nodes, edges } = reduced(grouped(lineage));
  const layerOf = layersOf(nodes, edges);
  const count = Math.max(0, ...layerOf.values()) + 1;
  const layers = Array.from({ length: count }, (_, layer) =>
    nodes.filter(({ kind }) => layerOf.get(kind) === layer).sort(inOrder),
  );
  const rows = Math.max(0, ...layers.map(({ length }) => length));
  const placed = layers.flatMap((members, layer) =>
    members.map((node, row) => ({ node, layer, row: row + (rows - members.length) / 2 })),
  );
  return { placed, edges, layers: count, rows };
}

/** By time, and version 2 before version 10. */
const inOrder = (one: LineageNode, other: LineageNode): number =>
  (one.at ?? '').localeCompare(other.at ?? '') ||
  one.id.localeCompare(other.id, 'en', { numeric: true }) ||
  one.id.localeCompare(other.id);

/**
 * For each kind the longest way from a kind that nothing went into; those stand right before what they go into. Ends after as many
 * rounds as there are kinds, should there be a cycle.
 */
function layersOf(nodes: readonly LineageNode[], edges: readonly LineageEdge[]): Map<string, number> {
  const layerOf = new Map(nodes.map(({ kind }) => [kind, 0]));
  const kindOf = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const kindEdges = unique(
    edges.map(({ from, to }) => ({ from: kindOf.get(from) ?? '', to: kindOf.get(to) ?? '' })),
    ({ from, to }) => `${from} ${to}`,
  ).filter(({ from, to }) => from !== to && layerOf.has(from) && layerOf.has(to));
  for (let round = 1; round < layerOf.size; round += 1) {
    for (const { from, to } of kindEdges) {
      const least = (layerOf.get(from) ?? 0) + 1;
      if (least > (layerOf.get(to) ?? 0) && least < layerOf.size) layerOf.set(to, least);
    }
  }
  for (const kind of layerOf.keys()) {
    const next = kindEdges.filter(({ from }) => from === kind).map(({ to }) => layerOf.get(to) ?? 0);
    if (next.length > 0 && kindEdges.every(({ to }) => to !== kind)) layerOf.set(kind, Math.min(...next) - 1);
  }
  return layerOf;
}

/** Leaves out edges that a longer way says already: what a training set was trained on was asked for by its validation. */
function reduced({ nodes, edges }: Graph): Graph {
  const below = Map.groupBy(edges, ({ from }) => from);
  const hasLongerWay = ({ from, to }: LineageEdge): boolean => {
    const seen = new Set([from]);
    const ahead = (below.get(from) ?? []).map((edge) => edge.to).filter((id) => id !== to);
    for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
      if (id === to) return true;
      if (seen.has(id)) continue;
      seen.add(id);
      ahead.push(...(below.get(id) ?? []).map((edge) => edge.to));
    }
    return false;
  };
  return { nodes, edges: edges.filter((edge) => !hasLongerWay(edge)) };
}

/** A graph with what was read on behind its first open end. */
export function withMore(graph: Lineage, more: Lineage): Lineage {
  const openEnds = [...graph.openEnds.slice(1), ...more.openEnds];
  return {
    root: graph.root,
    nodes: unique([...more.nodes, ...graph.nodes], ({ id }) => id),
    edges: unique([...graph.edges, ...more.edges], ({ from, to }) => `${from} ${to}`),
    truncated: openEnds.length > 0,
    openEnds,
  };
}

/** Everything that one comes to from a thing, along the edges and against them. */
export function relatedTo(id: string, edges: readonly LineageEdge[]): ReadonlySet<string> {
  const reach = (near: 'from' | 'to', far: 'from' | 'to') => {
    const found = new Set([id]);
    for (const one of found) for (const edge of edges) if (edge[near] === one) found.add(edge[far]);
    return found;
  };
  return new Set([...reach('from', 'to'), ...reach('to', 'from')]);
}

/** Joins what looks the same, such as hundreds of prediction batches of one version, and drops edges that say nothing new. */
function grouped({ nodes, edges }: Graph): Graph {
  const alike = Map.groupBy(nodes, (node) => neighbourhoodOf(node, edges));
  const groupOf = new Map<string, LineageNode>();
  for (const members of alike.values()) {
    if (members.length < groupedFrom) continue;
    const [first] = members as [LineageNode, ...LineageNode[]];
    const label = `${members.length} × ${first.kind.replaceAll('-', ' ')}`;
    const group = {
      id: first.id,
      kind: first.kind,
      label,
      details: {},
      ...(first.at ? { at: first.at } : {}),
    };
    for (const { id } of members) groupOf.set(id, group);
  }
  const idOf = (id: string) => groupOf.get(id)?.id ?? id;
  const joined = edges.map((edge) => ({ ...edge, from: idOf(edge.from), to: idOf(edge.to) }));
  return {
    nodes: unique(
      nodes.map((node) => groupOf.get(node.id) ?? node),
      ({ id }) => id,
    ),
    edges: unique(joined, ({ from, to }) => `${from} ${to}`),
  };
}

function neighbourhoodOf({ id, kind }: LineageNode, edges: readonly LineageEdge[]): string {
  const before = edges.filter(({ to }) => to === id).map(({ from }) => `from ${from}`);
  const after = edges.filter(({ from }) => from === id).map(({ to }) => `to ${to}`);
  return [kind, ...new Set([...before, ...after])].sort().join('\n');
}

function unique<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
