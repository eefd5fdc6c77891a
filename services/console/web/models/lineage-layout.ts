import type { AnswerOf } from '../api/operations.ts';

type Lineage = AnswerOf<'readLineage'>;
export type LineageNode = Lineage['nodes'][number];
export type LineageEdge = Lineage['edges'][number];
type Graph = Pick<Lineage, 'nodes' | 'edges'>;

/** A node in its place: `layer` counts from the left, `row` from the top of its layer. */
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
 * Puts what came first left: each node stands one layer right of the rightmost that went into it, and within its layer near
 * the middle of those.
 */
export function layoutOf(lineage: Graph): Layout {
  const { nodes, edges } = grouped(lineage);
  const layerOf = layersOf(nodes, edges);
  const rowOf = new Map<string, number>();
  const layers = Math.max(0, ...layerOf.values()) + 1;
  const placed: PlacedNode[] = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const members = nodes.filter(({ id }) => layerOf.get(id) === layer);
    const middle = (id: string) =>
      mean(edges.filter(({ to }) => to === id).map(({ from }) => rowOf.get(from) ?? 0));
    members.sort((one, other) => middle(one.id) - middle(other.id) || one.id.localeCompare(other.id));
    for (const [row, node] of members.entries()) {
      rowOf.set(node.id, row);
      placed.push({ node, layer, row });
    }
  }
  return { placed, edges, layers, rows: Math.max(0, ...rowOf.values()) + 1 };
}

/** Longest way from a node that nothing went into. Stops after as many rounds as there are nodes, should there be a cycle. */
function layersOf(nodes: readonly LineageNode[], edges: readonly LineageEdge[]): Map<string, number> {
  const layerOf = new Map(nodes.map(({ id }) => [id, 0]));
  for (let round = 1; round < nodes.length; round += 1) {
    for (const { from, to } of edges) {
      const least = (layerOf.get(from) ?? 0) + 1;
      if (least > (layerOf.get(to) ?? 0) && least < nodes.length) layerOf.set(to, least);
    }
  }
  return layerOf;
}

/** Joins what looks the same, such as hundreds of prediction batches of one version, and drops edges that say nothing new. */
function grouped({ nodes, edges }: Graph): Graph {
  const alike = Map.groupBy(nodes, (node) => neighbourhoodOf(node, edges));
  const groupOf = new Map<string, LineageNode>();
  for (const members of alike.values()) {
    if (members.length < groupedFrom) continue;
    const [first] = members as [LineageNode, ...LineageNode[]];
    const label = `${members.length} × ${first.kind.replaceAll('-', ' ')}`;
    for (const { id } of members) groupOf.set(id, { id: first.id, kind: first.kind, label, details: {} });
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

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
