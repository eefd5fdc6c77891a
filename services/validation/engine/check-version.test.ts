import { describe, expect, it } from 'vitest';
import { checkObjects, contractOf } from '#test/doubles/checked-version.ts';

const check = (columns: Record<string, unknown>, ...contents: string[]) => {
  const names = new Set(contents.flatMap((content) => content.split('\n', 1)[0]!.split(',')));
  return checkObjects(contractOf({ columns }), contents, { columns: [...names] });
};

describe('checking a version', () => {
  it('types the valid rows and says when each came to be known', async () => {
    const { validated, quarantined, verdict } = await check(
      {
        n: { type: 'integer' },
        x: { type: 'number' },
        f: { type: 'boolean' },
        at: { type: 'timestamp' },
        note: { type: 'string', nullable: true },
      },
      'id,n,x,f,at,note\na,1.0,1e3,TRUE,2026-01-01,\n',
      'extra,note,at,f,x,n,id\nz,"say ""hi""",2026-01-01T02:00:00+02:00,0,-0.5,7,b\n',
    );
    expect(quarantined).toEqual([]);
    expect(verdict).toBe('Pass');
    expect(validated).toMatchObject([
      { id: 'a', n: 1n, x: 1000, f: true, note: null },
      { id: 'b', n: 7n, x: -0.5, f: false, note: 'say "hi"' },
    ]);
    const times = (name: string) => validated.map((row) => (row[name] as Date).toISOString());
    expect(times('at')).toEqual(Array(2).fill('2026-01-01T00:00:00.000Z'));
    expect(times('_available_at')).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z']);
  });

  it('keeps a quarantined row as it was uploaded, with all reasons and where it came from', async () => {
    const { quarantined, verdict } = await check(
      { x: { type: 'number', min: 0 }, y: { type: 'integer' } },
      'id,x,y\na,1,1\n',
      'id,x,y\nb,1,1\nc,-3,abc\n',
    );
    expect(verdict).toBe('Warn');
    expect(quarantined).toMatchObject([
      {
        id: 'c',
        x: '-3',
        y: 'abc',
        _reasons: 'range: x must be at least 0|type: y must be an integer of at most 64 bits',
        _checks: 'range:x|type:y',
        _row: 2n,
      },
    ]);
  });

  it('lets the same key come again in a later upload: there the newer row counts', async () => {
    const { validRows } = await check({ x: { type: 'number' } }, 'id,x\na,1\n', 'id,x\na,2\n');
    expect(validRows).toBe(2);
  });
});
