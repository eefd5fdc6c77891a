import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkObjects, contractOf, parquetOf } from '#test/doubles/checked-version.ts';

const check = (columns: Record<string, unknown>, ...contents: string[]) => {
  const names = new Set(contents.flatMap((content) => content.split('\n', 1)[0]!.split(',')));
  return checkObjects(contractOf({ columns }), contents, { columns: [...names] });
};
const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;

describe('a checked version', () => {
  it('has its valid rows typed, in upload order, and says when each came to be known', async () => {
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
    expect([quarantined, verdict]).toEqual([[], 'Pass']);
    const midnight = new Date(at(1));
    expect(validated).toEqual([
      { id: 'a', n: 1n, x: 1000, f: true, at: midnight, note: null, _available_at: new Date(at(1)) },
      { id: 'b', n: 7n, x: -0.5, f: false, at: midnight, note: 'say "hi"', _available_at: new Date(at(2)) },
    ]);
  });

  it('keeps a quarantined row as it was uploaded, with all reasons and where it came from', async () => {
    const { quarantined, verdict } = await check(
      { x: { type: 'number', min: 0 }, y: { type: 'integer' } },
      'id,x,y\na,1,1\n',
      'id,x,y\nb,1,1\nc,-3.0,abc\n',
    );
    expect(verdict).toBe('Warn');
    expect(quarantined).toEqual([
      {
        id: 'c',
        x: '-3.0',
        y: 'abc',
        _reasons: 'range: x must be at least 0|type: y must be an integer of at most 64 bits',
        _checks: 'range:x|type:y',
        _object_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        _row: 2n,
      },
    ]);
  });

  it('numbers rows and keeps their order over many thousands', async () => {
    const rows = Array.from({ length: 60_000 }, (_, row) => `k${row},${row % 1000 === 7 ? -1 : row}`);
    const result = await check({ x: { type: 'number', min: 0 } }, `id,x\n${rows.join('\n')}\n`);
    const bad = Array.from({ length: 60 }, (_, index) => index * 1000 + 7);
    expect(result.quarantined.map(({ _row, id }) => [_row, id])).toEqual(
      bad.map((row) => [BigInt(row + 1), `k${row}`]),
    );
    const good = rows.filter((_, row) => row % 1000 !== 7).map((row) => row.split(',')[0]);
    expect(result.validated.map(({ id }) => id)).toEqual(good);
  });

  it('lets a key come again in a later upload, but not in another object of the same', async () => {
    const columns = { x: { type: 'number' } };
    const later = await check(columns, 'id,x\na,1\n', 'id,x\na,2\n');
    expect(later.validRows).toBe(2);
    const folder = ['id,x\na,1\nb,1\n', 'id,x\na,2\n'].map((content) => ({ content, availableAt: at(1) }));
    const same = await checkObjects(contractOf({ columns }), folder, { columns: ['id', 'x'] });
    expect([same.validated.map(({ id }) => id), same.failed]).toEqual([['b'], { 'unique:id': 2 }]);
  });

  it('counts a column that an object lacks as missing there, and the value that a path names as there', async () => {
    const contract = contractOf({
      columns: { x: { type: 'number', nullable: true }, day: { type: 'timestamp' } },
    });
    const objects = [
      { content: 'id,x\na,1\n', partition: { day: '2026-01-01' } },
      { content: 'id\nb\n', partition: { day: 'soon' } },
    ];
    const result = await checkObjects(contract, objects, { columns: ['id', 'x', 'day'] });
    expect(result.validated).toMatchObject([{ id: 'a', x: 1, day: new Date(at(1)) }]);
    expect(result.quarantined).toMatchObject([{ id: 'b', x: null, day: 'soon', _checks: 'type:day' }]);
  });

  it('without rows has files without rows', async () => {
    const none = await check({ x: { type: 'number' } }, 'id,x\n');
    expect([none.rows, none.verdict, none.validated]).toEqual([0, 'InsufficientData', []]);
    const erased = await checkObjects(contractOf({ columns: { x: { type: 'number' } } }), [], {
      columns: ['id', 'x'],
    });
    expect([erased.rows, erased.verdict]).toEqual([0, 'InsufficientData']);
  });

  it('that fails leaves quarantine and profile, and nothing to train on', async () => {
    const contract = contractOf({ columns: { x: { type: 'number' } }, checks: { maxQuarantinedShare: 0.4 } });
    const result = await checkObjects(contract, ['id,x\na,1\nb,z\n'], { columns: ['id', 'x'] });
    expect([result.verdict, result.validated, result.quarantined.length]).toEqual(['Fail', [], 1]);
    expect(result.profile.columns.map(({ name, values, missing }) => [name, values, missing])).toEqual([
      ['id', 2, 0],
      ['x', 2, 0],
    ]);
  });
});

describe('formats', () => {
  it('of Parquet keep values of the declared type as they are, and others by their text', async () => {
    const content = await parquetOf(
      `SELECT 'r' || range AS id, 0.1::DOUBLE * range - 0.1 AS x, TIMESTAMP '2026-01-01 10:00:00' AS at, range % 2 = 0 AS f, range::INTEGER AS n, CASE range WHEN 0 THEN 'NaN'::DOUBLE ELSE range * 1.5 END AS half, '' AS note FROM range(5)`,
    );
    const columns = {
      x: { type: 'number', min: 0 },
      at: { type: 'timestamp' },
      f: { type: 'boolean' },
      n: { type: 'string' },
      half: { type: 'integer' },
      note: { type: 'string' },
    };
    const object = { content, reading: { format: 'parquet' as const } };
    const result = await checkObjects(contractOf({ columns }), [object], {
      columns: ['id', ...Object.keys(columns)],
    });
    expect(result.failed).toEqual({ 'range:x': 1, 'type:half': 3 });
    expect(result.validated).toMatchObject([
      { id: 'r2', x: 0.1, at: new Date('2026-01-01T10:00:00Z'), f: true, n: '2', half: 3n, note: '' },
      { id: 'r4', half: 6n },
    ]);
    expect(result.quarantined[0]).toMatchObject({
      id: 'r0',
      x: '-0.1',
      at: '2026-01-01 10:00:00',
      f: 'true',
      half: 'nan',
    });
  });

  it('of Parquet number the rows, whatever their columns are called and their paths say', async () => {
    const number = (range: string) =>
      `CASE ${range} % 5000 WHEN 1 THEN 'NaN'::DOUBLE WHEN 2 THEN '-inf'::DOUBLE WHEN 3 THEN NULL WHEN 4 THEN -1 ELSE 1 END`;
    const contents = [
      await parquetOf(`SELECT 'a' || range AS id, ${number('range')} AS x FROM range(10000)`),
      await parquetOf("SELECT 'b' || range AS id, range - 1.0 AS x, 70 AS file_row_number FROM range(3)"),
    ];
    const reading = { format: 'parquet' as const };
    const contract = contractOf({
      columns: { x: { type: 'number', min: 0, max: 5 }, day: { type: 'string', allowed: ['mon'] } },
    });
    const { quarantined, failed, rows } = await checkObjects(
      contract,
      contents.map((content) => ({ content, reading, partition: { day: 'mon' } })),
      { columns: ['id', 'x', 'day', 'file_row_number'] },
    );
    expect([rows, failed]).toEqual([10_003, { 'type:x': 4, 'not_null:x': 2, 'range:x': 3 }]);
    expect(quarantined.map(({ id, day, _checks, _row }) => [id, day, _checks, _row])).toEqual([
      ...[0, 5000].flatMap((from) => [
        [`a${from + 1}`, 'mon', 'type:x', BigInt(from + 2)],
        [`a${from + 2}`, 'mon', 'type:x', BigInt(from + 3)],
        [`a${from + 3}`, 'mon', 'not_null:x', BigInt(from + 4)],
        [`a${from + 4}`, 'mon', 'range:x', BigInt(from + 5)],
      ]),
      ['b0', 'mon', 'range:x', 1n],
    ]);
  });

  it('of JSON Lines and of compressed, differently encoded CSV give the same rows', async () => {
    const contract = contractOf({ columns: { x: { type: 'number', nullable: true } } });
    const results = await checkObjects(
      contract,
      [
        {
          content: '{"id": "ä", "x": 1.5}\n{"x": null, "id": "b", "more": {}}\n',
          reading: { format: 'jsonl', encoding: 'utf-8' },
        },
        {
          content: gzipSync(Buffer.from('id;x\nä;1.5\nb;\n', 'latin1')),
          reading: { format: 'csv', quote: '"', delimiter: ';', encoding: 'iso-8859-1', compression: 'gzip' },
        },
      ],
      { columns: ['id', 'x'] },
    );
    const rows = [
      { id: 'ä', x: 1.5 },
      { id: 'b', x: null },
    ];
    expect(results.validated).toMatchObject([...rows, ...rows]);
  });
});

describe('references', () => {
  const rule = { check: 'references', columns: ['x'], to: { project: 'sites', columns: ['code'] } };
  const contract = contractOf({ columns: { x: { type: 'integer', nullable: true } }, rules: [rule] });
  const sites = {
    project: 'sites',
    datasetVersion: 3,
    rows: 2,
    validated: { uri: 's3://data/sites', sha256: '0'.repeat(64), bytes: 1 },
  };
  const content = 'id,x\na,1\nb,9\nc,\n';

  it.each([
    ['integers', '1::BIGINT, NULL'],
    ['numbers', '1::DOUBLE, 2::DOUBLE'],
    ['texts', "'1', '2'"],
  ])('are found among %s, and missing ones are not looked for', async (_what, values) => {
    const files = { [sites.validated.uri]: await parquetOf(`SELECT unnest([${values}]) AS code`) };
    const result = await checkObjects(
      contract,
      [content],
      { columns: ['id', 'x'], lookups: { 'sites@newest': sites } },
      { files },
    );
    expect([result.failed, result.quarantined.map(({ id }) => id)]).toEqual([{ 'references:x': 1 }, ['b']]);
  });

  it('of several columns are found together', async () => {
    const both = { ...rule, columns: ['id', 'x'], to: { project: 'sites', columns: ['name', 'code'] } };
    const files = {
      [sites.validated.uri]: await parquetOf("SELECT * FROM (VALUES ('a', 2), ('b', 9)) v(name, code)"),
    };
    const result = await checkObjects(
      contractOf({ columns: contract.columns, rules: [both] }),
      [content],
      { columns: ['id', 'x'], lookups: { 'sites@newest': sites } },
      { files },
    );
    expect(result.quarantined.map(({ id }) => id)).toEqual(['a']);
  });

  it('are skipped while the other dataset has no version', async () => {
    const result = await checkObjects(contract, [content], { columns: ['id', 'x'] });
    expect(result.checks.at(-1)).toMatchObject({ check: 'references', outcome: 'skipped', passed: true });
    expect(result.verdict).toBe('Pass');
  });
});

describe('rows that an approver releases', () => {
  const columns = { x: { type: 'integer', min: 0 }, y: { type: 'string', maxLength: 1 } };
  const content = 'id,x,y\na,-1,z\nb,-1,zz\nc,no,z\nd,1,z\nd,-2,z\ne,-1,z\n';
  const release = (released: string[]) =>
    checkObjects(contractOf({ columns }), [content], { columns: ['id', 'x', 'y'], released });

  it.each([
    [['range:x'], 2, ['a', 'e']],
    [['range'], 2, ['a', 'e']],
    [['length'], 0, []],
    [['range', 'length:y'], 3, ['a', 'b', 'e']],
    [['*'], 3, ['a', 'b', 'e']],
    [['type', 'unique', 'not_null'], 0, []],
  ])('by %j go on, save those without type or with a repeated key', async (released, rows, ids) => {
    const result = await release(released);
    expect([result.releasedRows, result.validated.map(({ id }) => id)]).toEqual([rows, ids]);
    expect(result.validRows + result.quarantinedRows).toBe(6);
    expect(result.failed['range:x']).toBe(4);
  });
});

describe('names and values that look like code', () => {
  it('are names and values', async () => {
    const names = ['a "b", c', 'select', "o'x", 't0', '");DROP TABLE marks;--'];
    const contract = contractOf({
      columns: Object.fromEntries(
        names.map((name) => [name, { type: 'string', allowed: ["'); DROP TABLE marks; --", '=1+1'] }]),
      ),
      rules: [{ check: 'unique', columns: names }],
    });
    const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    const row = (value: string) => names.map(() => `"${value}"`).join(',');
    const content = `id,${header}\na,${row("'); DROP TABLE marks; --")}\nb,${row('=1+1')}\nc,${row('=1+2')}\nd,${row('=1+1')}\n`;
    const result = await checkObjects(contract, [content], { columns: ['id', ...names] });
    expect(result.validated.map(({ id, select }) => [id, select])).toEqual([
      ['a', "'); DROP TABLE marks; --"],
    ]);
    expect(result.quarantined.map(({ id }) => id)).toEqual(['b', 'c', 'd']);
    expect(result.failed[`unique:${names.join('+')}`]).toBe(2);
    expect(result.quarantined[0]).toMatchObject({ select: '=1+1' });
  });

  it('are masked in samples where the column is sensitive', async () => {
    const contract = contractOf({
      columns: { x: { type: 'number', sensitive: true }, y: { type: 'number' } },
    });
    const result = await checkObjects(contract, ['id,x,y\na,secret,1\nb,,2\n'], {
      columns: ['id', 'x', 'y'],
    });
    const samples = result.checks.flatMap(({ samples }) => samples ?? []);
    expect(samples).toEqual([
      { id: 'b', x: null },
      { id: 'a', x: '•••' },
    ]);
    expect(JSON.stringify(result.checks)).not.toContain('secret');
  });
});

it('checks hundreds of columns', async () => {
  const names = Array.from({ length: 600 }, (_, index) => `c${index}`);
  const columns = Object.fromEntries(names.map((name) => [name, { type: 'integer', min: 0 }]));
  const line = (id: string, last: string) =>
    `${id},${names
      .slice(1)
      .map(() => '1')
      .join(',')},${last}`;
  const content = `id,${names.join(',')}\n${line('a', '1')}\n${line('b', '-1')}\n${line('c', 'x')}\n`;
  const result = await checkObjects(
    contractOf({ columns }),
    [content],
    { columns: ['id', ...names] },
    { memoryMb: 2048 },
  );
  expect(result.failed).toEqual({ 'range:c599': 1, 'type:c599': 1 });
  expect(result.validated).toHaveLength(1);
}, 60_000);
