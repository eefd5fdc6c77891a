import type { Key, Table, Write } from '#shared/aws/table.ts';
import { invalidParameterValue } from '../domain/limits.ts';
import type { StoredItems } from './items.ts';
import { partKey } from './keys.ts';
import type { StoredDocument } from './run-document.ts';

/** An item has 409,600 bytes at most, with its keys and the newest points. */
const maxItemBytes = 380_000;
/** A transaction has 4 MB at most, blocks of points and events included. */
const maxDocumentBytes = 3_000_000;

export interface Divided {
  /** What stays in the run's item: empty where the document is in parts. */
  readonly document: StoredDocument;
  readonly parts: number;
  readonly writes: readonly Write[];
}

/** Puts a document that is too big for the run's item into parts, and takes away those of the revision before. Throws InvalidParameter. */
export function divided(
  runId: string,
  document: StoredDocument,
  revision: number,
  before: { readonly revision: number; readonly parts: number },
): Divided {
  const removed = partKeys(runId, before.revision, before.parts).map((key): Write => ({ delete: key }));
  if (typeof document === 'string' || document.byteLength <= maxItemBytes)
    return { document, parts: 0, writes: removed };
  if (document.byteLength > maxDocumentBytes) {
    throw invalidParameterValue(
      `Run ${runId} would have ${document.byteLength} bytes of params, tags and latest metrics, compressed; ${maxDocumentBytes} are allowed. Log big parts as artifacts, or in runs of their own.`,
    );
  }
  const parts = Math.ceil(document.byteLength / maxItemBytes);
  const added = partKeys(runId, revision, parts).map((key, index): Write => {
    const part = document.subarray(index * maxItemBytes, (index + 1) * maxItemBytes);
    return { put: { ...key, schemaVersion: 1, document: part } satisfies StoredItems['runPart'] };
  });
  return { document: '', parts, writes: [...added, ...removed] };
}

/** The document in parts; undefined where it was replaced meanwhile. */
export async function joined(
  table: Table,
  runId: string,
  { revision, parts }: { readonly revision: number; readonly parts: number },
): Promise<Uint8Array | undefined> {
  const items = await table.getAll<StoredItems['runPart']>(partKeys(runId, revision, parts));
  if (items.length < parts) return undefined;
  return Buffer.concat([...items].sort((a, b) => (a.sk < b.sk ? -1 : 1)).map(({ document }) => document));
}

export const partKeys = (runId: string, revision: number, parts: number): Key[] =>
  Array.from({ length: parts }, (_, part) => partKey(runId, revision, part));
