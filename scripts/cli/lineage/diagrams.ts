import { type Lineage, titleOf } from './graph.ts';

/** The graph as a flow chart of Mermaid, which GitHub and others draw inside Markdown. */
export function mermaidText({ root, nodes, edges, truncated }: Lineage): string {
  const nameOf = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  return [
    'flowchart LR',
    ...(truncated ? ['  %% There is more: this was cut.'] : []),
    ...nodes.map((node) => `  ${nameOf.get(node.id)}["${mermaidLabel(titleOf(node))}"]`),
    ...edges.map(
      ({ from, to, relation }) => `  ${nameOf.get(from)} -->|"${mermaidLabel(relation)}"| ${nameOf.get(to)}`,
    ),
    `  style ${nameOf.get(root)} stroke-width:3px`,
  ].join('\n');
}

/** Mermaid's own entities, so that no label ends its quotes or becomes markup. */
const mermaidLabel = (text: string): string =>
  text.replaceAll(/[#"`<>&\\\n\r]/g, (letter) => `#${letter.codePointAt(0)};`);

/** The graph in Graphviz's language. */
export function dotText({ root, nodes, edges, truncated }: Lineage): string {
  return [
    'digraph lineage {',
    ...(truncated ? ['  // There is more: this was cut.'] : []),
    '  rankdir=LR;',
    '  node [shape=box];',
    ...nodes.map(
      (node) =>
        `  ${quoted(node.id)} [label=${quoted(titleOf(node))}${node.id === root ? ', penwidth=3' : ''}];`,
    ),
    ...edges.map(
      ({ from, to, relation }) => `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(relation)}];`,
    ),
    '}',
  ].join('\n');
}

/** A quoted string of Graphviz: only quotes end it, and a backslash would begin one of its own escapes. */
const quoted = (text: string): string =>
  `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/[\n\r]/g, ' ')}"`;
