import { describe, expect, it } from 'vitest';
import { dotText, mermaidText } from './diagrams.ts';
import type { Lineage } from './graph.ts';
import { treeText } from './tree.ts';

const node = (id: string, label: string, more: object = {}) => ({
  id,
  kind: id.replace(/^\/\/[^/]+\//, '').split(':')[0] ?? '',
  label,
  details: {},
  ...more,
});
const edge = (from: string, relation: string, to: string) => ({ from, relation, to });
const graph: Lineage = {
  root: 'training-set:ts',
  nodes: [
    node('training-set:ts', 'training set ts'),
    node('validation:1', 'validation of version 1: Warn'),
    node('dataset-version:1', 'dataset version 1', {
      marks: [{ name: 'expired', at: '2026-01-01T00:00:00Z', tone: 'neutral', text: '' }],
    }),
    node('upload:a.csv', 'a.csv'),
    node('//quarry/dataset-version:7', 'dataset version 7', { project: 'quarry' }),
    node('training:t1', 'training t1'),
    ...[1, 2, 3, 4, 5, 6].map((number) => node(`prediction-batch:${number}`, `${number} predictions`)),
  ],
  edges: [
    edge('validation:1', 'valid rows built into', 'training-set:ts'),
    edge('dataset-version:1', 'checked by', 'validation:1'),
    edge('//quarry/dataset-version:7', 'referenced by', 'validation:1'),
    edge('upload:a.csv', 'became', 'dataset-version:1'),
    edge('training-set:ts', 'trained', 'training:t1'),
    ...[1, 2, 3, 4, 5, 6].map((number) => edge('training:t1', 'made', `prediction-batch:${number}`)),
  ],
  truncated: false,
  openEnds: [],
};
/** Colours are for terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const plain = (text: string) => text.replaceAll(/\u001b\[\d+m/g, '');

describe('lineage as text', () => {
  it('is a tree each way, with marks, projects and what was left out', () => {
    expect(plain(treeText(graph)).split('\n')).toEqual([
      'training set ts',
      'went into it',
      '└─ validation of version 1: Warn (valid rows built into)',
      '   ├─ dataset version 1 [expired] (checked by)',
      '   │  └─ upload a.csv (became)',
      '   └─ dataset version 7 of project quarry (referenced by)',
      'it went into',
      '└─ training t1 (trained)',
      '   ├─ prediction batch 1 predictions (made)',
      '   ├─ prediction batch 2 predictions (made)',
      '   ├─ prediction batch 3 predictions (made)',
      '   └─ … and 3 × prediction-batch more (--json lists them)',
    ]);
  });

  it('shows what was reached by two ways once, and ends', () => {
    const twice = {
      ...graph,
      edges: [
        ...graph.edges,
        edge('upload:a.csv', 'seen by', 'validation:1'),
        edge('training:t1', 'x', 'training-set:ts'),
      ],
    };
    const text = plain(treeText(twice));
    expect(text.match(/\(as above\)/g)?.length).toBeGreaterThan(0);
  });

  it('says when nothing is known', () => {
    expect(plain(treeText({ ...graph, edges: [] }))).toContain('Nothing is known');
  });
});

describe('lineage as a diagram', () => {
  const hostile = {
    ...graph,
    root: 'upload:x',
    nodes: [node('upload:x', 'a"]; click n0 "javascript:1" <b>`#\\'), node('dataset-version:1', 'v1\nend')],
    edges: [edge('upload:x', 'became', 'dataset-version:1')],
    truncated: true,
  };

  it('is a flow chart of Mermaid, whatever a label holds', () => {
    expect(mermaidText(hostile).split('\n')).toEqual([
      'flowchart LR',
      '  %% There is more: this was cut.',
      '  n0["upload a#34;]; click n0 #34;javascript:1#34; #60;b#62;#96;#35;#92;"]',
      '  n1["dataset version v1#10;end"]',
      '  n0 -->|"became"| n1',
      '  style n0 stroke-width:3px',
    ]);
  });

  it('is a graph of Graphviz, whatever a label holds', () => {
    expect(dotText(hostile)).toContain(
      '"upload:x" [label="upload a\\"]; click n0 \\"javascript:1\\" <b>`#\\\\", penwidth=3];',
    );
    expect(dotText(hostile)).toContain('"dataset-version:1" [label="dataset version v1 end"];');
  });
});
