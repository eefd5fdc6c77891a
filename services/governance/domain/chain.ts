import { canonicalJson, sha256Hex } from '#shared/kernel/hash.ts';

/** What the first entry of a chain follows. */
export const genesisHash = '0'.repeat(64);

/** What an entry’s hash covers: everything that tells what happened, when, in which order, and by whom. */
export interface AuditContent {
  readonly sequence: number;
  readonly eventId: string;
  readonly source: string;
  readonly detailType: string;
  readonly occurredAt: string;
  readonly correlationId: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface AuditEntry extends AuditContent {
  readonly hash: string;
  readonly previousHash: string;
  /** When the log took it; not part of the hash. */
  readonly recordedAt: string;
}

/** SHA-256 over the previous hash and the canonical JSON of the content: changing any entry changes all later hashes. */
export function entryHash(previousHash: string, content: AuditContent): string {
  const { sequence, eventId, source, detailType, occurredAt, correlationId, actor, data } = content;
  return sha256Hex(
    `${previousHash}\n${canonicalJson({ sequence, eventId, source, detailType, occurredAt, correlationId, actor, data })}`,
  );
}

export function nextEntry(
  head: { sequence: number; hash: string } | undefined,
  content: Omit<AuditContent, 'sequence'>,
  recordedAt: string,
): AuditEntry {
  const previousHash = head?.hash ?? genesisHash;
  const numbered = { ...content, sequence: (head?.sequence ?? 0) + 1 };
  return { ...numbered, previousHash, hash: entryHash(previousHash, numbered), recordedAt };
}

/** Checks entries that follow `head`, oldest first; returns the new head, or the sequence number at which the chain breaks. */
export function verifyEntries(
  head: { sequence: number; hash: string },
  entries: readonly AuditEntry[],
): { head: { sequence: number; hash: string }; brokenAt?: number } {
  let current = head;
  for (const entry of entries) {
    const expected = current.sequence + 1;
    if (
      entry.sequence !== expected ||
      entry.previousHash !== current.hash ||
      entryHash(current.hash, entry) !== entry.hash
    ) {
      return { head: current, brokenAt: expected };
    }
    current = { sequence: entry.sequence, hash: entry.hash };
  }
  return { head: current };
}
