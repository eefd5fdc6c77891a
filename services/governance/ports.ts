import type { AuditEntry } from './domain/chain.ts';
import type { Fact } from './domain/facts.ts';
import type { LineageEdge, LineageFragment, LineageNode } from './domain/lineage.ts';

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
  readonly lineage: LineageFragment;
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
  readNode(project: string, id: string): Promise<LineageNode | undefined>;
  /** Edges into (`up`) or out of (`down`) a node. */
  listEdges(project: string, id: string, direction: 'up' | 'down'): Promise<readonly LineageEdge[]>;
}

export interface Predictions {
  /** Which version made a prediction; undefined when it is not kept any more. */
  find(
    project: string,
    inferenceId: string,
  ): Promise<{ modelVersion: number; at: string; value: string } | undefined>;
}
