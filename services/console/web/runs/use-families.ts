import { useEffect, useState } from 'preact/hooks';
import { searchRuns } from '../api/mlflow.ts';
import type { Run } from '../api/mlflow-entities.ts';
import { useClient } from '../api/use-api.ts';
import { type FamilyState, parentsIn, parentTag } from './family-tree.ts';

/** So many child runs are looked through for the names of their parents; beyond, a parent is asked when it is opened. */
const childrenLookedThrough = 200;
/** As many children as are shown below one parent. */
const mostChildren = 500;

export interface Families extends FamilyState {
  /** Opens or closes a run; reads its children the first time. */
  toggle(runId: string): void;
  readonly failure?: Error | undefined;
}

const nothing: FamilyState = { parents: new Set(), isComplete: true, open: new Set(), childrenOf: new Map() };

/** Which runs of an experiment have children, and the children of those that are open. */
export function useFamilies(experimentId: string, orderBy: readonly string[], isNested: boolean): Families {
  const client = useClient();
  const [state, setState] = useState<FamilyState>(nothing);
  const [failure, setFailure] = useState<Error>();
  const search = (filter: string, maxResults: number, signal: AbortSignal) =>
    searchRuns(client, { experimentIds: [experimentId], filter, orderBy, maxResults }, signal);
  useEffect(() => {
    if (!isNested) return undefined;
    const over = new AbortController();
    setState(nothing);
    search(`tags.\`${parentTag}\` IS NOT NULL`, childrenLookedThrough, over.signal).then(
      (page) => setState((before) => ({ ...before, ...parentsIn(page) })),
      (reason) => over.signal.aborted || setFailure(reason),
    );
    return () => over.abort();
  }, [client, experimentId, orderBy.join(), isNested]);
  const toggle = (runId: string) => {
    const isOpen = state.open.has(runId);
    setState((before) => ({ ...before, open: without(before.open, runId, !isOpen) }));
    if (isOpen || state.childrenOf.has(runId)) return;
    search(`tags.\`${parentTag}\` = '${runId}'`, mostChildren, new AbortController().signal).then(
      ({ items }) =>
        setState((before) => ({ ...before, childrenOf: withEntry(before.childrenOf, runId, items) })),
      setFailure,
    );
  };
  return { ...state, toggle, failure };
}

function without(ids: ReadonlySet<string>, id: string, added: boolean): ReadonlySet<string> {
  const next = new Set(ids);
  if (added) next.add(id);
  else next.delete(id);
  return next;
}

const withEntry = (map: FamilyState['childrenOf'], key: string, value: readonly Run[]) =>
  new Map([...map, [key, value]]);
