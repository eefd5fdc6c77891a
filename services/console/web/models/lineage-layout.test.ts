import { describe, expect, it } from 'vitest';
import { type Lineage, layoutOf, relatedTo, withMore } from './lineage-layout.ts';

const node = (id: string) => ({ id, kind: id.split(':')[0]!, label: id, details: {} });
const edge = (from: string, to: string) => ({ from, to, relation: 'went into' });
const layersIn = (layout: ReturnType<typeof layoutOf>) =>
  Object.fromEntries(layout.placed.map(({ node: { id }, layer }) => [id, layer]));

describe('a picture of lineage', () => {
  it('puts each kind right of those that went into it, things of one kind below each other', () => {
    const layout = layoutOf({
      nodes: ['model:1', 'data:10', 'data:2', 'data:1', 'upload:b', 'upload:a'].map(node),
      edges: [
        edge('upload:a', 'data:1'),
        edge('data:1', 'data:2'),
        edge('data:2', 'data:10'),
        edge('upload:b', 'data:2'),
        edge('data:2', 'model:1'),
      ],
    });
    expect(layersIn(layout)).toEqual({
      'upload:a': 0,
      'upload:b': 0,
      'data:1': 1,
      'data:2': 1,
      'data:10': 1,
      'model:1': 2,
    });
    expect(layout).toMatchObject({ layers: 3, rows: 3 });
    const rows = layout.placed.map(({ node: { id }, row }) => [id, row] as const);
    expect(Object.fromEntries(rows)).toMatchObject({ 'data:1': 0, 'data:2': 1, 'data:10': 2, 'model:1': 1 });
  });

  it('puts what nothing went into right before what it goes into', () => {
    const layout = layoutOf({
      nodes: ['upload:1', 'data:1', 'check:1', 'revision:1'].map(node),
      edges: [edge('upload:1', 'data:1'), edge('data:1', 'check:1'), edge('revision:1', 'check:1')],
    });
    expect(layersIn(layout)).toMatchObject({ 'upload:1': 0, 'revision:1': 1 });
  });

  it('stays as high as its fullest layer for sixty things', () => {
    const versions = Array.from({ length: 20 }, (_, index) => index + 1);
    const { placed, layers, rows } = layoutOf({
      nodes: versions.flatMap((n) => [`upload:${n}`, `data:${n}`, `check:${n}`]).map(node),
      edges: versions.flatMap((n) => [
        edge(`upload:${n}`, `data:${n}`),
        edge(`data:${n}`, `check:${n}`),
        edge(`data:${n}`, `data:${n + 1}`),
      ]),
    });
    expect([placed.length, layers, rows]).toEqual([60, 3, 20]);
    const rowOf = new Map(placed.map(({ node: { id }, row }) => [id, row]));
    for (const n of versions) expect(rowOf.get(`check:${n}`)).toBe(rowOf.get(`upload:${n}`));
  });

  it('leaves out an arrow that a longer way says already', () => {
    const { edges } = layoutOf({
      nodes: ['check:1', 'set:1', 'training:1'].map(node),
      edges: [edge('check:1', 'set:1'), edge('set:1', 'training:1'), edge('check:1', 'training:1')],
    });
    expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['check:1 set:1', 'set:1 training:1']);
  });

  it('knows what belongs to a thing: not what only shares an origin', () => {
    const edges = [edge('data:1', 'set:1'), edge('data:1', 'set:2'), edge('set:1', 'model:1')];
    expect([...relatedTo('set:1', edges)].sort()).toEqual(['data:1', 'model:1', 'set:1']);
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

describe('a graph that was read on', () => {
  const answer = (ids: string[], ends: string[]): Lineage => ({
    root: ids[0]!,
    nodes: ids.map(node),
    edges: ids.slice(1).map((id) => edge(ids[0]!, id)),
    truncated: ends.length > 0,
    openEnds: ends.map((id) => ({ id, direction: 'down' })),
  });

  it('holds both answers, and the ends that are still open', () => {
    const both = withMore(answer(['m:1', 'b:1', 'b:2'], ['m:1', 'b:2']), answer(['m:1', 'b:3'], []));
    expect(both.nodes.map(({ id }) => id).sort()).toEqual(['b:1', 'b:2', 'b:3', 'm:1']);
    expect(both.edges).toHaveLength(3);
    expect(both).toMatchObject({ root: 'm:1', truncated: true, openEnds: [{ id: 'b:2' }] });
    expect(withMore(both, answer(['b:2'], []))).toMatchObject({ truncated: false, openEnds: [] });
  });
});
