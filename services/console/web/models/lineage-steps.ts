import type { Layout, PlacedNode } from './lineage-layout.ts';

/** Where an arrow key leads from a thing: along an arrow to the nearest neighbour, or up and down its layer. Undefined where it leads nowhere. */
export function nextPlace(layout: Layout, selected: string, key: string): string | undefined {
  const here = layout.placed.find(({ node }) => node.id === selected);
  if (!here) return undefined;
  const candidates = candidatesOf(layout, here, key);
  const distance = ({ layer, row }: PlacedNode) =>
    Math.abs(layer - here.layer) * layout.rows + Math.abs(row - here.row);
  return candidates.sort((a, b) => distance(a) - distance(b))[0]?.node.id;
}

function candidatesOf({ placed, edges }: Layout, here: PlacedNode, key: string): PlacedNode[] {
  const { id } = here.node;
  const joined = (near: 'from' | 'to', far: 'from' | 'to') => {
    const ids = new Set(edges.filter((edge) => edge[near] === id).map((edge) => edge[far]));
    return placed.filter(({ node, layer }) => ids.has(node.id) && layer !== here.layer);
  };
  const inLayer = placed.filter(({ layer }) => layer === here.layer);
  switch (key) {
    case 'ArrowRight':
      return joined('from', 'to');
    case 'ArrowLeft':
      return joined('to', 'from');
    case 'ArrowDown':
      return inLayer.filter(({ row }) => row > here.row);
    case 'ArrowUp':
      return inLayer.filter(({ row }) => row < here.row);
    default:
      return [];
  }
}
