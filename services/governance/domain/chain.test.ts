import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, genesisHash, nextEntry, verifyEntries } from './chain.ts';

const content = (data: Record<string, unknown>) => ({
  eventId: 'e',
  source: 'millrace.datasets',
  detailType: 'DatasetVersionCreated.v1',
  occurredAt: '2026-01-01T00:00:00.000Z',
  correlationId: 'c',
  actor: 'user:ada',
  data,
});

function chainOf(contents: readonly Record<string, unknown>[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const data of contents)
    entries.push(nextEntry(entries.at(-1), content(data), '2026-01-01T00:00:01.000Z'));
  return entries;
}

const start = { sequence: 0, hash: genesisHash };

describe('the hash chain', () => {
  it('verifies what it made, whatever the data', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 8 }), (contents) => {
        const entries = chainOf(JSON.parse(JSON.stringify(contents)));
        expect(verifyEntries(start, entries)).toEqual({
          head: { sequence: entries.length, hash: entries.at(-1)?.hash ?? genesisHash },
        });
      }),
    );
  });

  it.each([
    [
      'changed',
      (entries: AuditEntry[]) =>
        entries.map((entry, i) => (i === 1 ? { ...entry, data: { rows: 9 } } : entry)),
    ],
    ['taken out', (entries: AuditEntry[]) => entries.filter((_entry, i) => i !== 1)],
    ['swapped', ([a, b, c]: AuditEntry[]) => [a!, c!, b!]],
    [
      'put in by somebody who does not know the hash before',
      (entries: AuditEntry[]) => [entries[0]!, { ...entries[1]!, previousHash: genesisHash }, entries[2]!],
    ],
  ])('breaks at the second entry when it was %s', (_what, tamper) => {
    const entries = chainOf([{ rows: 1 }, { rows: 2 }, { rows: 3 }]);
    expect(verifyEntries(start, tamper(entries)).brokenAt).toBe(2);
  });

  it('does not depend on the order of members', () => {
    expect(chainOf([{ a: 1, b: 2 }])[0]?.hash).toBe(chainOf([{ b: 2, a: 1 }])[0]?.hash);
  });
});
