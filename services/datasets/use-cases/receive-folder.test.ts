import { describe, expect, it } from 'vitest';
import { DatasetVersionCreated } from '#events/datasets.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { inMemoryDatasets } from '#test/doubles/datasets.ts';
import type { ObjectWrite } from '../ports.ts';
import { receiveUpload } from './receive-upload.ts';

const definition = projectDefinition.parse({
  name: 'wine',
  owners: ['ada'],
  data: { primaryKey: 'id', columns: { id: { type: 'string' }, x: { type: 'number' } } },
  target: { column: 'x', task: 'regression' },
});
const rows = (id: string) => `id,x\n${id},1\n`;

function setUp() {
  const datasets = inMemoryDatasets(definition);
  let second = 0;
  /** Writes a file of the folder; its event comes when the test says. */
  const write = (path: string, content: string): ObjectWrite => {
    const writtenAt = new Date(Date.UTC(2026, 0, 1, 0, 0, ++second));
    return datasets.put(`incoming/wine/january/${path}`, content, writtenAt);
  };
  const manifestOf = (files: Record<string, string>) =>
    JSON.stringify({
      files: Object.entries(files).map(([path, content]) => ({
        path,
        bytes: content.length,
        sha256: sha256Hex(content),
      })),
    });
  const tell = (source: ObjectWrite, claimant = 'event') =>
    receiveUpload(datasets, {
      source,
      receivedAt: new Date('2026-02-01T00:00:00Z'),
      requester: '123456789012',
      claimant,
    });
  const uploads = async () => (await datasets.store.uploads('wine', undefined)).items;
  const reasons = async () => (await uploads()).flatMap(({ reasons: some = [] }) => some);
  return { datasets, write, manifestOf, tell, uploads, reasons };
}

describe('a folder with a manifest', () => {
  const files = { 'a.csv': rows('a'), 'b.csv': rows('b') };

  it('becomes one version, whatever event comes last and however often', async () => {
    const { datasets, write, manifestOf, tell, uploads } = setUp();
    const marker = write('_manifest.json', manifestOf(files));
    expect(await tell(marker)).toBe('waiting');
    const [a, b] = [write('a.csv', files['a.csv']), write('b.csv', files['b.csv'])];
    const outcomes = [await tell(b), await tell(a), await tell(marker), await tell(b)];
    expect(outcomes).toEqual(['created', 'repeated', 'repeated', 'repeated']);
    expect(datasets.events).toHaveLength(1);
    const { data } = DatasetVersionCreated.parse({
      source: datasets.events[0]!.source,
      'detail-type': datasets.events[0]!.detailType,
      detail: datasets.events[0]!.detail,
    }).detail;
    expect(data).toMatchObject({
      datasetVersion: 1,
      rows: 2,
      source: { key: 'incoming/wine/january/_manifest.json' },
    });
    expect(datasets.manifest(data.manifest).objects).toMatchObject([
      { path: 'a.csv', sha256: sha256Hex(files['a.csv']), availableAt: '2026-01-01T00:00:03.000Z' },
      { path: 'b.csv', availableAt: '2026-01-01T00:00:03.000Z' },
    ]);
    expect(await uploads()).toMatchObject([{ status: 'created', files: 2, datasetVersion: 1 }]);
  });

  it('of which two events are handled at once becomes one version', async () => {
    const { datasets, write, manifestOf, tell } = setUp();
    const sources = [write('a.csv', files['a.csv']), write('b.csv', files['b.csv'])];
    const marker = write('_manifest.json', manifestOf(files));
    const outcomes = await Promise.all(
      [...sources, marker].map((source, index) => tell(source, `event ${index}`)),
    );
    expect(outcomes.toSorted()).toEqual(['created', 'waiting', 'waiting']);
    expect(datasets.reads).toHaveLength(2);
    expect(datasets.events).toHaveLength(1);
  });

  it('of which one event is delivered twice at once becomes one version', async () => {
    const { datasets, write, manifestOf, tell } = setUp();
    write('a.csv', files['a.csv']);
    write('b.csv', files['b.csv']);
    const marker = write('_manifest.json', manifestOf(files));
    const outcomes = await Promise.allSettled([tell(marker), tell(marker)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'AlreadyConsumed' },
    });
    expect(datasets.events).toHaveLength(1);
  });

  it('uploaded again as it was is unchanged', async () => {
    const { datasets, write, manifestOf, tell } = setUp();
    const upload = () => [
      write('a.csv', files['a.csv']),
      write('b.csv', files['b.csv']),
      write('_manifest.json', manifestOf(files)),
    ];
    const outcomes = [];
    for (const source of upload()) outcomes.push(await tell(source));
    for (const source of upload()) outcomes.push(await tell(source));
    expect(outcomes).toEqual(['created', 'repeated', 'repeated', 'unchanged', 'repeated', 'repeated']);
    expect(datasets.events).toHaveLength(1);
  });

  it('is refused where a file is not what the manifest says, until it is', async () => {
    const { write, manifestOf, tell, reasons, datasets } = setUp();
    write('a.csv', files['a.csv']);
    write('b.csv', rows('c'));
    const marker = write('_manifest.json', manifestOf(files));
    expect([await tell(marker), await tell(marker)]).toEqual(['rejected', 'repeated']);
    expect(await reasons()).toMatchObject([
      {
        code: 'ChangedUpload',
        message: expect.stringMatching(/^b\.csv: Its SHA-256 is .*, the manifest says/),
      },
    ]);
    expect(await tell(write('b.csv', files['b.csv']))).toBe('created');
    expect(datasets.events).toHaveLength(2);
  });

  it('is refused where a file has another size or is not named', async () => {
    const { write, manifestOf, tell, reasons, datasets } = setUp();
    write('a.csv', `${files['a.csv']}more,1\n`);
    write('b.csv', files['b.csv']);
    write('c.csv', rows('c'));
    expect(await tell(write('_manifest.json', manifestOf(files)))).toBe('rejected');
    const [reason] = await reasons();
    expect(reason?.message).toMatch(
      /a\.csv has 16 bytes, the manifest says 9.*c\.csv is there, the manifest does not/,
    );
    expect(datasets.reads).toEqual([]);
  });

  it('whose files are written anew waits for the next manifest', async () => {
    const { write, manifestOf, tell, datasets } = setUp();
    for (const [path, content] of Object.entries(files)) write(path, content);
    expect(await tell(write('_manifest.json', manifestOf(files)))).toBe('created');
    const next = { 'a.csv': rows('A'), 'b.csv': 'id,x\nB,1\nC,2\n', 'c.csv': rows('D') };
    const outcomes = [];
    for (const [path, content] of Object.entries(next)) outcomes.push(await tell(write(path, content)));
    outcomes.push(await tell(write('_manifest.json', manifestOf(next))));
    expect(outcomes).toEqual(['waiting', 'waiting', 'waiting', 'created']);
    expect(await datasets.store.newest('wine')).toMatchObject({ datasetVersion: 2, rows: 6 });
  });

  it.each([
    ['no JSON', 'files: []'],
    ['no files', '{"files": []}'],
    ['a file without its hash', '{"files": [{"path": "a.csv", "bytes": 9}]}'],
  ])('with %s is refused', async (_what, content) => {
    const { write, tell, reasons } = setUp();
    expect(await tell(write('_manifest.json', content))).toBe('rejected');
    expect(await reasons()).toMatchObject([
      { code: 'ChangedUpload', message: expect.stringContaining('_manifest.json is not as documented') },
    ]);
  });

  it('names the file and the row where one cannot be read', async () => {
    const { write, manifestOf, tell, reasons } = setUp();
    const bad = { 'a.csv': files['a.csv'], 'b.csv': 'id,x\nb\nc,1\n' };
    for (const [path, content] of Object.entries(bad)) write(path, content);
    expect(await tell(write('_manifest.json', manifestOf(bad)))).toBe('rejected');
    expect(await reasons()).toEqual([
      { code: 'UnreadableUpload', message: expect.stringMatching(/^b\.csv: Row 1 of the file has 1 values/) },
    ]);
  });
});

describe('a folder with _SUCCESS', () => {
  it('is what was there when it was written: partitions become columns, formats may differ', async () => {
    const { datasets, write, tell } = setUp();
    write('dt=2026-11-01/region=s%C3%BCd/part-0.csv', 'id;x\na;1\n');
    write('dt=2026-11-02/region=__HIVE_DEFAULT_PARTITION__/part-0.jsonl', '{"id":"b","x":2,"note":"n"}\n');
    write('_committed_1', 'x');
    const marker = write('_SUCCESS', '');
    const late = write('dt=2026-11-03/part-0.csv', rows('z'));
    expect([await tell(marker), await tell(late)]).toEqual(['created', 'repeated']);
    const newest = (await datasets.store.newest('wine'))!;
    expect(newest).toMatchObject({ rows: 2 });
    expect(newest.columns).toEqual([
      { name: 'id', type: 'string' },
      { name: 'x', type: 'integer' },
      { name: 'dt', type: 'timestamp' },
      { name: 'region', type: 'string' },
      { name: 'note', type: 'string' },
    ]);
    expect(datasets.manifest(newest.manifest).objects).toMatchObject([
      { reading: { format: 'csv', delimiter: ';' }, partition: { dt: '2026-11-01' } },
      { reading: { format: 'jsonl' }, partition: { dt: '2026-11-02', region: '' } },
    ]);
  });

  it('waits while it has no files', async () => {
    const { write, tell } = setUp();
    expect(await tell(write('_SUCCESS', ''))).toBe('waiting');
  });

  it('is refused where a column is in a file and in its path', async () => {
    const { write, tell, reasons } = setUp();
    write('X=1/part-0.csv', rows('a'));
    expect(await tell(write('_SUCCESS', ''))).toBe('rejected');
    expect((await reasons())[0]?.message).toMatch(/'X' is in the file and in the folders/);
  });
});
