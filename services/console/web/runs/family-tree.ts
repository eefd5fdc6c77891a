import type { Listed } from '../api/mlflow-call.ts';
import type { Run } from '../api/mlflow-entities.ts';

/** Tag by which a run names the run that it is a part of. */
export const parentTag = 'mlflow.parentRunId';

/** A run in the table, below its parent or not. */
export interface RunRow {
  readonly run: Run;
  /** 0: stands for itself. */
  readonly depth: number;
  /** `maybe`: nobody has asked yet. */
  readonly children: 'none' | 'maybe' | 'closed' | 'open';
}

/** Children that were read, by the parent's id. */
export type ChildrenOf = ReadonlyMap<string, readonly Run[]>;

export interface FamilyState {
  /** Ids of runs known to have children; whether all such runs are known. */
  readonly parents: ReadonlySet<string>;
  readonly isComplete: boolean;
  readonly open: ReadonlySet<string>;
  readonly childrenOf: ChildrenOf;
}

/** What one page of child runs tells about parents. */
export function parentsIn({
  items,
  nextPageToken,
}: Listed<Run>): Pick<FamilyState, 'parents' | 'isComplete'> {
  const parents = items.flatMap((run) => run.tags.get(parentTag) ?? []);
  return { parents: new Set(parents), isComplete: nextPageToken === undefined };
}

/** The rows of a nested table, from top to bottom. A run is shown once, whatever its tags say. */
export function rowsOf(runs: readonly Run[], state: FamilyState): RunRow[] {
  const rows: RunRow[] = [];
  const seen = new Set<string>();
  const add = (run: Run, depth: number): void => {
    if (seen.has(run.runId)) return;
    seen.add(run.runId);
    const children = childrenState(run.runId, state);
    rows.push({ run, depth, children });
    if (children === 'open') for (const child of state.childrenOf.get(run.runId) ?? []) add(child, depth + 1);
  };
  for (const run of runs) add(run, 0);
  return rows;
}

function childrenState(
  runId: string,
  { parents, isComplete, open, childrenOf }: FamilyState,
): RunRow['children'] {
  const read = childrenOf.get(runId);
  if (read?.length === 0) return 'none';
  if (open.has(runId)) return 'open';
  if (read || parents.has(runId)) return 'closed';
  return isComplete ? 'none' : 'maybe';
}
