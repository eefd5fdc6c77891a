import { describe, expect, it } from 'vitest';
import { layoutOf } from './lineage-layout.ts';

const node = (id: string) => ({ id, kind: id.split(':')[0]!, label: id, details: {} });
const edge = (from: string, to: string) => ({ from, to, relation: 'went into' });
const layersIn = (layout: ReturnType<typeof layoutOf>) =>
  Object.fromEntries(layout.placed.map(({ node: { id }, layer }) => [id, layer]));

describe('a picture of lineage', () => {
  it('puts each thing right of all that went into it', () => {
    const layout = layoutOf({
      nodes: ['model:1', 'data:2', 'data:1', 'upload:b', 'upload:a'].map(node),
      edges: [
        edge('upload:a', 'data:1'),
        edge('data:1', 'data:2'),
        edge('upload:b', 'data:2'),
        edge('data:2', 'model:1'),
      ],
    });
    expect(layersIn(layout)).toEqual({
      'upload:a': 0,
      'upload:b': 0,
      'data:1': 1,
      'data:2': 2,
      'model:1': 3,
    });
    expect(layout).toMatchObject({ layers: 4, rows: 2 });
  });

  it('gives no two things the same place', () => {
    const ids = ['a:1', 'b:1', 'b:2', 'c:1'];
    const { placed } = layoutOf({ nodes: ids.map(node), edges: ids.slice(1).map((id) => edge('a:1', id)) });
    expect(new Set(placed.map(({ layer, row }) => `${layer} ${row}`)).size).toBe(4);
  });

  it('shows many batches of one version as one', () => {
    const batches = Array.from({ length: 12 }, (_, index) => `prediction-batch:${index}`);
    const layout = layoutOf({
      nodes: ['model:1', ...batches].map(node),
      edges: batches.map((batch) => edge('model:1', batch)),
    });
    expect(layout.placed.map(({ node: { label } }) => label)).toEqual(['model:1', '12 × prediction batch']);
    expect(layout.edges).toHaveLength(1);
  });

  it('ends even if something went into itself', () => {
    const layout = layoutOf({
      nodes: ['a:1', 'b:1'].map(node),
      edges: [edge('a:1', 'b:1'), edge('b:1', 'a:1')],
    });
    expect(layout.placed).toHaveLength(2);
  });

  it('is empty for nothing', () => {
    expect(layoutOf({ nodes: [], edges: [] }).placed).toEqual([]);
  });
});
