import pc from 'picocolors';
import { type Lineage, type LineageNode, titleOf } from './graph.ts';

/** Of more siblings of one kind than this, the rest is counted. */
const maxSiblings = 4;

interface Branch {
  readonly node: LineageNode;
  readonly relation: string;
}

/** A graph as two trees of text, from the thing that was asked for: what went into it, what it went into. */
export function treeText(graph: Lineage): string {
  const root = graph.nodes.find(({ id }) => id === graph.root);
  if (!root) return '';
  const up = branchLines(graph, 'up', root.id, '', new Set([root.id]));
  const down = branchLines(graph, 'down', root.id, '', new Set([root.id]));
  return [
    lineOf(root),
    ...(up.length > 0 ? [pc.bold('went into it'), ...up] : []),
    ...(down.length > 0 ? [pc.bold('it went into'), ...down] : []),
    ...(up.length + down.length === 0 ? ['Nothing is known to have gone into it or come of it.'] : []),
  ].join('\n');
}

function branchLines(
  graph: Lineage,
  direction: 'up' | 'down',
  of: string,
  indent: string,
  seen: Set<string>,
): string[] {
  const branches = branchesOf(graph, direction, of);
  const shown = [...Map.groupBy(branches, ({ node }) => node.kind).values()].flatMap((alike) =>
    alike.length > maxSiblings ? alike.slice(0, maxSiblings - 1) : alike,
  );
  const left = countLeft(branches, shown);
  return [
    ...shown.flatMap((branch, index) => {
      const isLast = index === shown.length - 1 && left.length === 0;
      const again = seen.has(branch.node.id);
      seen.add(branch.node.id);
      const line = `${indent}${isLast ? '└─' : '├─'} ${lineOf(branch.node, branch.relation)}`;
      if (again) return [`${line} ${pc.dim('(as above)')}`];
      const below = `${indent}${isLast ? '   ' : '│  '}`;
      return [line, ...branchLines(graph, direction, branch.node.id, below, seen)];
    }),
    ...left.map((text, index) => `${indent}${index === left.length - 1 ? '└─' : '├─'} ${pc.dim(text)}`),
  ];
}

function branchesOf({ nodes, edges }: Lineage, direction: 'up' | 'down', of: string): Branch[] {
  const [near, far] = direction === 'up' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  return edges
    .filter((edge) => edge[near] === of)
    .flatMap((edge) => {
      const node = nodes.find(({ id }) => id === edge[far]);
      return node ? [{ node, relation: edge.relation }] : [];
    });
}

function countLeft(all: readonly Branch[], shown: readonly Branch[]): string[] {
  const left = Map.groupBy(
    all.filter((branch) => !shown.includes(branch)),
    ({ node }) => node.kind,
  );
  return [...left].map(([kind, branches]) => `… and ${branches.length} × ${kind} more (--json lists them)`);
}

function lineOf(node: LineageNode, relation?: string): string {
  const marks = (node.marks ?? []).map(({ name, tone }) =>
    tone === 'bad' ? pc.red(`[${name}]`) : tone === 'good' ? pc.green(`[${name}]`) : `[${name}]`,
  );
  return [titleOf(node), ...marks, relation ? pc.dim(`(${relation})`) : ''].filter(Boolean).join(' ');
}
