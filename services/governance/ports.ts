import type { AuditEntry } from './domain/chain.ts';
import type { Fact } from './domain/facts.ts';
import type { CaptureSpan, LineageEdge, LineageNode } from './domain/lineage-parts.ts';

export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** The facts of a journey as they are kept; `revision` is what a change must name. */
export interface KeptJourney {
  readonly facts: readonly Fact[];
  readonly revision: number;
}

/** All that one event adds, in one transaction. */
export interface Append {
  readonly project: string;
  readonly entry: AuditEntry;
  readonly head: ChainHead | undefined;
  readonly journey?: {
    readonly journeyId: string;
    readonly startedAt: string;
    readonly facts: readonly Fact[];
    readonly was: number;
  };
  /** Nodes as they stand after the event; edges are put where they are not yet. */
  readonly lineage: {
    readonly nodes: readonly LineageNode[];
    readonly edges: readonly LineageEdge[];
    readonly capture?: CaptureSpan;
  };
}

export interface GovernanceStore {
  readHead(project: string): Promise<ChainHead | undefined>;
  readJourney(project: string, journeyId: string): Promise<KeptJourney | undefined>;
  /** Newest first. */
  listJourneys(project: string, limit: number): Promise<readonly KeptJourney[]>;
  /** Throws AlreadyConsumed for an event that is in the chain, ChainMoved (conflict) when another entry came first. */
  append(append: Append): Promise<void>;
  listEntries(
    project: string,
    options: { newestFirst: boolean; limit: number; pageToken?: string },
  ): Promise<{ items: readonly AuditEntry[]; nextPageToken?: string }>;
  /** The token of a page that begins behind this entry, for `newestFirst: false`. */
  pageBehind(project: string, sequence: number): string;
  /** The nodes that there are, in any order. */
  readNodes(project: string, ids: readonly string[]): Promise<readonly LineageNode[]>;
  /**
   * Edges into (`up`) or out of (`down`) a node, by the name of what stands at their other end, at most `limit`, behind `after`.
   * `more`: there are others behind these.
   */
  listEdges(
    project: string,
    id: string,
    query: { direction: 'up' | 'down'; limit: number; after?: string },
  ): Promise<{ edges: readonly LineageEdge[]; more: boolean }>;
  /** Batches whose predictions of this version span the instant. */
  findBatches(project: string, modelVersion: number, at: string): Promise<readonly string[]>;
}

export interface Predictions {
  /** Which version made a prediction; undefined when it is not kept any more. */
  find(
    project: string,
    inferenceId: string,
  ): Promise<{ modelVersion: number; at: string; value: string } | undefined>;
}
