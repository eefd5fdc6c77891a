import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { ApiClient } from './client.ts';

const ClientContext = createContext<ApiClient | undefined>(undefined);
export const ClientProvider = ClientContext.Provider;

export function useClient(): ApiClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('There is no API client above this component.');
  return client;
}

/** The newest answer, kept while later calls fail; `failure` is the newest call's, if it failed. */
export interface Polled<Value> {
  readonly value?: Value;
  readonly failure?: Error;
}

type Load<Value> = (client: ApiClient, signal: AbortSignal) => Promise<Value>;

/**
 * Loads at once, when a member of `inputs` changes, when the page comes to the front, and again `intervalMs` after each
 * answer; not while nobody looks. What depends on another thing altogether must be another component (`key`).
 */
export function usePolled<Value>(
  load: Load<Value>,
  intervalMs: (newest: Value | undefined) => number,
  inputs: readonly unknown[] = [],
): Polled<Value> {
  const client = useClient();
  const [polled, setPolled] = useState<Polled<Value>>({});
  const newest = useRef({ load, intervalMs });
  newest.current = { load, intervalMs };
  useEffect(() => {
    const over = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const loadOnce = async (): Promise<Value | undefined> => {
      try {
        const value = await newest.current.load(client, over.signal);
        if (!over.signal.aborted) setPolled({ value });
        return value;
      } catch (failure) {
        if (!over.signal.aborted) setPolled((before) => ({ ...before, failure: failure as Error }));
        return undefined;
      }
    };
    const turn = async () => {
      clearTimeout(timer);
      if (document.hidden) return;
      const value = await loadOnce();
      clearTimeout(timer);
      if (!over.signal.aborted) timer = setTimeout(turn, newest.current.intervalMs(value));
    };
    void turn();
    document.addEventListener('visibilitychange', turn, { signal: over.signal });
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [client, ...inputs]);
  return polled;
}

/** The time now, in milliseconds; moves on each second while `ticking`. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!ticking) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
