import { describe, expect, it } from 'vitest';
import { layoutOf } from './lineage-layout.ts';
import { nextPlace } from './lineage-steps.ts';

const node = (id: string) => ({ id, kind: id.split(':')[0]!, label: id, details: {} });
const edge = (from: string, to: string) => ({ from, to, relation: 'went into' });
const layout = layoutOf({
  nodes: ['data:1', 'data:2', 'data:3', 'set:1', 'set:3'].map(node),
  edges: [edge('data:1', 'set:1'), edge('data:3', 'set:3'), edge('data:1', 'data:2')],
});

describe('arrow keys in a picture of lineage', () => {
  it.each([
    ['data:1', 'ArrowRight', 'set:1'],
    ['set:3', 'ArrowLeft', 'data:3'],
    ['data:1', 'ArrowDown', 'data:2'],
    ['data:3', 'ArrowUp', 'data:2'],
    ['data:2', 'ArrowRight', undefined],
    ['data:1', 'ArrowUp', undefined],
    ['data:1', 'Enter', undefined],
    ['nothing', 'ArrowDown', undefined],
  ])('lead from %s by %s to %s', (from, key, expected) => {
    expect(nextPlace(layout, from, key)).toBe(expected);
  });
});
