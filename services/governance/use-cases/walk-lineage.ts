import { type LineageEdge, nameIn, placeOf } from '../domain/lineage-parts.ts';
import type { GovernanceStore } from '../ports.ts';

/** Reads of the table that run at the same time. */
const maxParallelReads = 8;
/** Edges that are read of one thing at a time: a version that has served for years has thousands of batches. */
const maxEdgesPerNode = 50;

export interface WalkOptions {
  readonly project: string;
  readonly start: string;
  readonly direction: 'up' | 'down';
  /** Most steps away from the start. */
  readonly depth: number;
  /** Most things besides the start. */
  readonly maxNodes: number;
  /** Goes on behind this neighbour of the start: an open end of an answer before. */
  readonly after?: string | undefined;
  /** Whether the caller may see the things of another project. */
  readonly mayView: (project: string) => boolean;
}

/** Where a walk was cut: more of `id`’s neighbours in this direction, behind `after` where some are known. */
export interface OpenEnd {
  readonly id: string;
  readonly direction: 'up' | 'down';
  readonly after?: string;
}

export interface Walk {
  readonly edges: readonly LineageEdge[];
  readonly openEnds: readonly OpenEnd[];
}

/**
 * Follows edges in one direction, nearest first, to the depth or the number of things that are asked for. Names are as the project
 * sees them. What stands upstream in another project is named, since the project's own contract names it; it is walked into, and
 * what stands downstream there is named, where the caller may view that project.
 */
export async function walkLineage(store: GovernanceStore, options: WalkOptions): Promise<Walk> {
  const { project, start, direction, depth, maxNodes, mayView } = options;
  const edges: LineageEdge[] = [];
  const openEnds: OpenEnd[] = [];
  const seen = new Set([start]);
  let frontier = [start];
  let next: string[] = [];
  const isVisible = (name: string) => mayView(placeOf(project, name).project);
  const accept = (far: string): Acceptance => {
    if (direction === 'down' && !isVisible(far)) return 'hidden';
    if (seen.has(far)) return 'taken';
    if (seen.size > maxNodes) return 'full';
    seen.add(far);
    if (isVisible(far)) next.push(far);
    return 'taken';
  };
  for (let step = 1; step <= depth && frontier.length > 0; step += 1) {
    next = [];
    for (const [index, batch] of batchesOf(frontier, maxParallelReads).entries()) {
      if (seen.size > maxNodes) {
        openEnds.push(...frontier.slice(index * maxParallelReads).map((id) => ({ id, direction })));
        break;
      }
      for (const page of await Promise.all(batch.map((name) => readEdges(store, options, name)))) {
        const taken = takeEdges(page.edges, direction, accept);
        edges.push(...taken.edges);
        if (taken.full || page.more)
          openEnds.push({
            id: page.name,
            direction,
            ...(taken.last === undefined ? {} : { after: taken.last }),
          });
      }
    }
    frontier = next;
  }
  return { edges, openEnds };
}

/** `hidden`: stands in a project that the caller may not view. `full`: there is no more room. */
type Acceptance = 'taken' | 'hidden' | 'full';

/** Takes edges in order while there is room. `last`: the far end of the last that was looked at. */
function takeEdges(
  edges: readonly LineageEdge[],
  direction: 'up' | 'down',
  accept: (far: string) => Acceptance,
): { edges: LineageEdge[]; full: boolean; last?: string } {
  const taken: LineageEdge[] = [];
  let last: string | undefined;
  let full = false;
  for (const edge of edges) {
    const far = direction === 'up' ? edge.from : edge.to;
    const acceptance = accept(far);
    full = acceptance === 'full';
    if (full) break;
    if (acceptance === 'taken') taken.push(edge);
    last = far;
  }
  return { edges: taken, full, ...(last === undefined ? {} : { last }) };
}

async function readEdges(
  store: GovernanceStore,
  { project, start, direction, after }: WalkOptions,
  name: string,
): Promise<{ name: string; edges: LineageEdge[]; more: boolean }> {
  const place = placeOf(project, name);
  const page = await store.listEdges(place.project, place.id, {
    direction,
    limit: maxEdgesPerNode,
    ...(name === start && after !== undefined ? { after } : {}),
  });
  const seenHere = (named: string): string => nameIn(project, placeOf(place.project, named));
  const edges = page.edges.map((edge) => ({ ...edge, from: seenHere(edge.from), to: seenHere(edge.to) }));
  return { name, edges, more: page.more };
}

const batchesOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
