import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ApiClient } from '../api/client.ts';
import { type RunSearch, searchRuns } from '../api/mlflow.ts';
import type { Run } from '../api/mlflow-entities.ts';
import { useClient } from '../api/use-api.ts';

/** One page fills the screen a few times over and comes at once. */
const runsOfPage = 100;

export type RunQuestion = Pick<RunSearch, 'experimentIds' | 'filter' | 'orderBy' | 'view'>;

export interface RunPages {
  /** What has come so far; the answer to the question before, until the first page of this one is there. */
  readonly runs: readonly Run[];
  readonly isFirstPending: boolean;
  readonly isLoading: boolean;
  readonly isComplete: boolean;
  readonly failure?: Error | undefined;
  /** Asks for the next page; nothing happens while one is under way, after the last, and after a failure. */
  more(): void;
  /** Asks again from the beginning. */
  again(): void;
}

interface Loaded {
  readonly question: string;
  readonly runs: readonly Run[];
  readonly pageToken?: string | undefined;
  readonly isComplete: boolean;
  readonly failure?: Error | undefined;
}

/** Reads the runs that a question finds, page by page as they are wanted. */
export function useRunPages(question: RunQuestion): RunPages {
  const client = useClient();
  const [round, setRound] = useState(0);
  const key = JSON.stringify([question, round]);
  const [loaded, setLoaded] = useState<Loaded>({ question: '', runs: [], isComplete: false });
  const [isLoading, setLoading] = useState(false);
  const under = useRef<AbortController | undefined>(undefined);
  const load = useCallback(
    (before: Loaded | undefined) => {
      const over = new AbortController();
      under.current = over;
      setLoading(true);
      void nextOf(client, question, before, over.signal).then((next) => {
        if (over.signal.aborted) return;
        under.current = undefined;
        setLoading(false);
        setLoaded((shown) => ({ ...shown, ...next, question: key }));
      });
    },
    [client, key],
  );
  useEffect(() => {
    load(undefined);
    return () => {
      under.current?.abort();
      under.current = undefined;
    };
  }, [load]);
  const isFirstPending = loaded.question !== key;
  return {
    ...loaded,
    isFirstPending,
    isLoading,
    more: () => {
      if (!under.current && !isFirstPending && !loaded.isComplete && !loaded.failure) load(loaded);
    },
    again: () => setRound(round + 1),
  };
}

async function nextOf(
  client: ApiClient,
  question: RunQuestion,
  before: Loaded | undefined,
  signal: AbortSignal,
): Promise<Partial<Loaded>> {
  try {
    const pageToken = before?.pageToken;
    const page = await searchRuns(client, { ...question, maxResults: runsOfPage, pageToken }, signal);
    return {
      runs: before ? [...before.runs, ...page.items] : page.items,
      pageToken: page.nextPageToken,
      isComplete: page.nextPageToken === undefined,
      failure: undefined,
    };
  } catch (failure) {
    return { failure: failure as Error };
  }
}
