import type { Fact } from './facts.ts';
import { dataReadings } from './lineage-of-data.ts';
import { featureReadings } from './lineage-of-features.ts';
import { modelReadings } from './lineage-of-models.ts';
import type { LineageFragment, LineageMark, LineageNode, LineageReading } from './lineage-parts.ts';

const readings: Readonly<Record<string, LineageReading>> = {
  ...dataReadings,
  ...featureReadings,
  ...modelReadings,
};

/** All that a fact adds is one transaction, of at most 100 writes: an edge takes two. */
const maxNodesPerFact = 40;
const maxEdgesPerFact = 25;

/** What a fact adds to the graph; nothing for most. Of a fact about very many things, what concerns the last of them. */
export function fragmentOf(fact: Fact): LineageFragment {
  const { nodes, edges, marks, ...rest } = readings[fact.name]?.(fact.data, fact.occurredAt) ?? {};
  return {
    ...rest,
    ...(nodes ? { nodes } : {}),
    ...(edges ? { edges: edges.slice(-maxEdgesPerFact) } : {}),
    ...(marks ? { marks: marks.slice(-maxNodesPerFact) } : {}),
  };
}

/** A thing’s newest marks are kept; what happened before them stays in the audit log. */
const maxMarks = 20;

/**
 * A node as it stands after a fact. Facts come in any order: what is known of the thing already stays, what the fact says is added.
 * A thing that only marks are known of gets the name of its kind and id.
 */
export function grownNode(
  known: LineageNode | undefined,
  id: string,
  added: { readonly node?: LineageNode | undefined; readonly marks: readonly LineageMark[] },
): LineageNode {
  const { node } = added;
  const marks = [...(known?.marks ?? []), ...added.marks].sort((a, b) => a.at.localeCompare(b.at));
  return {
    ...(node ?? known ?? unknownNode(id)),
    details: { ...known?.details, ...node?.details },
    ...(marks.length > 0 ? { marks: marks.slice(-maxMarks) } : {}),
  };
}

/** A thing that an edge names and no fact has told of yet. */
export function unknownNode(id: string): LineageNode {
  const kind = id.slice(0, id.indexOf(':'));
  return { id, kind, label: `${kind.replaceAll('-', ' ')} ${id.slice(kind.length + 1)}`, details: {} };
}
