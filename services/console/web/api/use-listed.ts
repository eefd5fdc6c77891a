import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiClient } from './client.ts';
import { useClient } from './use-api.ts';

/** A page of a list of either API. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken?: string | undefined;
}

type LoadPage<Item> = (
  client: ApiClient,
  pageToken: string | undefined,
  signal: AbortSignal,
) => Promise<Page<Item>>;

export interface PagedList<Item> {
  /** Absent until the first page is there. */
  readonly items?: readonly Item[];
  readonly isComplete: boolean;
  readonly failure?: Error;
  more(): void;
}

/** A list read page by page; from the beginning when `question` changes. */
export function useListed<Item>(load: LoadPage<Item>, question: string): PagedList<Item> {
  const client = useClient();
  const [list, setList] = useState<Omit<PagedList<Item>, 'more'>>({ isComplete: false });
  const state = useRef<{ over: AbortController; token?: string | undefined; isBusy: boolean } | undefined>(
    undefined,
  );
  const next = async () => {
    const current = state.current!;
    if (current.isBusy) return;
    current.isBusy = true;
    try {
      const page = await load(client, current.token, current.over.signal);
      const isFirst = current.token === undefined;
      current.token = page.nextPageToken;
      if (current.over.signal.aborted) return;
      setList((before) => ({
        items: isFirst ? page.items : [...(before.items ?? []), ...page.items],
        isComplete: page.nextPageToken === undefined,
      }));
    } catch (failure) {
      if (!current.over.signal.aborted) setList((before) => ({ ...before, failure: failure as Error }));
    } finally {
      current.isBusy = false;
    }
  };
  useEffect(() => {
    const over = new AbortController();
    state.current = { over, isBusy: false };
    void next();
    return () => over.abort();
  }, [client, question]);
  return { ...list, more: () => void next() };
}
