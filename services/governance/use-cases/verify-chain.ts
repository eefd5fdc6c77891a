import { genesisHash, verifyEntries } from '../domain/chain.ts';
import type { GovernanceStore } from '../ports.ts';

export interface Verification {
  readonly intact: boolean;
  readonly entries: number;
  readonly headHash: string;
  readonly brokenAt?: number;
}

/**
 * Computes a project’s whole chain again, page by page. The head is read first: entries that come meanwhile are no break, entries
 * that were cut off at the end, or a chain that was written anew with other hashes, are.
 */
export async function verifyChain(store: GovernanceStore, project: string): Promise<Verification> {
  const kept = await store.readHead(project);
  let head = { sequence: 0, hash: genesisHash };
  let rewritten = false;
  let pageToken: string | undefined;
  do {
    const page = await store.listEntries(project, {
      newestFirst: false,
      limit: 500,
      ...(pageToken ? { pageToken } : {}),
    });
    const result = verifyEntries(head, page.items);
    if (result.brokenAt !== undefined)
      return {
        intact: false,
        entries: result.head.sequence,
        headHash: result.head.hash,
        brokenAt: result.brokenAt,
      };
    rewritten ||= page.items.some((entry) => entry.sequence === kept?.sequence && entry.hash !== kept.hash);
    head = result.head;
    pageToken = page.nextPageToken;
  } while (pageToken);
  const summary = { entries: head.sequence, headHash: head.hash };
  if (rewritten) return { intact: false, ...summary, brokenAt: 1 };
  return (kept?.sequence ?? 0) > head.sequence
    ? { intact: false, ...summary, brokenAt: head.sequence + 1 }
    : { intact: true, ...summary };
}
